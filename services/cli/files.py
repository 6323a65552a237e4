"""Files named by a caller, read whole within a limit."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from services.chassis.errors import InvalidInputError, TooLargeError
from services.cli.fields import Fields

_UNREADABLE = "UNREADABLE_FILE"


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file under the caller's id."""

    id: str
    path: str


def file_item(item: str, fields: Fields) -> FileItem:
    """`{"id", "path"}`."""
    return FileItem(item, fields.text("path"))


def given_files(paths: list[Path] | None) -> list[dict[str, object]]:
    """Paths of the command line; each is its own id."""
    return [{"id": str(path), "path": str(path)} for path in paths or []]


def read_file(path: str, *, max_bytes: int) -> bytes:
    """A regular file's bytes. InvalidInputError (UNREADABLE_FILE, also for pipes and devices) or
    TooLargeError."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise InvalidInputError("the path names no regular file", code=_UNREADABLE)
        with Path(path).open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise InvalidInputError(f"the file cannot be read: {error.strerror}", code=_UNREADABLE) from error
    except ValueError as error:
        raise InvalidInputError("the path is not a path", code=_UNREADABLE) from error
    if len(content) > max_bytes:
        raise TooLargeError(f"the file is over {max_bytes} bytes")
    return content
