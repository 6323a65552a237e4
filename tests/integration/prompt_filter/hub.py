"""A loopback stand-in for the hub: HEAD and ranged GET of the files of one commit."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

REPOSITORY = "weather/storms"
REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """Serves `files`; a name in `cut` breaks off once after that many bytes of its body.

    `requests` holds method, file and Range header of everything asked; `authorised` tells whether any
    request carried credentials.
    """

    files: dict[str, bytes]
    cut: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    authorised: bool = False

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"served": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def downloads(self, name: str) -> list[str]:
        """Range headers of every GET of a file."""
        return [span for method, file, span in self.requests if method == "GET" and file == name]


class _Answers(BaseHTTPRequestHandler):
    served: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """Size, commit and entity tag."""
        self._answer(with_body=False)

    def do_GET(self) -> None:
        """The file, or what is left of it from the byte asked for."""
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""

    def _answer(self, *, with_body: bool) -> None:
        name = self.path.removeprefix(f"/{REPOSITORY}/resolve/{REVISION}/")
        span = self.headers.get("Range", "")
        self.served.requests.append((self.command, name, span))
        self.served.authorised |= "Authorization" in self.headers
        content = self.served.files.get(name)
        if content is None:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("X-Repo-Commit", REVISION)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(name, content, span, with_body=with_body)

    def _send(self, name: str, content: bytes, span: str, *, with_body: bool) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", span)
        start = int(asked.group(1)) if asked else 0
        body = content[start:]
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        if not with_body:
            return
        after = self.served.cut.pop(name, None)
        self.wfile.write(body if after is None else body[:after])
        if after is not None:
            self.close_connection = True
