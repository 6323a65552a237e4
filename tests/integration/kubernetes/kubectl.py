"""The kubectl program, as tests call it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class KubectlError(RuntimeError):
    """Kubectl ended with an error; the message is what it wrote."""


@dataclass(frozen=True)
class Kubectl:
    """Runs kubectl; without a kubeconfig it can only render."""

    program: Path
    kubeconfig: Path | None = None

    def run(self, *arguments: str, manifest: object = None) -> str:
        """Return the standard output; a refusal or a single warning raises `KubectlError`.

        `manifest` is sent as JSON on the standard input, for `-f -`.
        """
        server = ["--kubeconfig", str(self.kubeconfig), "--warnings-as-errors"] if self.kubeconfig else []
        ran = subprocess.run(
            [str(self.program), *server, *arguments],
            input=json.dumps(manifest),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if ran.returncode != 0 or ran.stderr:
            raise KubectlError(ran.stderr)
        return ran.stdout

    def get(self, *arguments: str) -> dict[str, Any]:
        """Return what the API server stores, as it says it."""
        found: dict[str, Any] = json.loads(self.run("get", *arguments, "--output", "json"))
        return found

    def apply_strictly(self, *arguments: str, manifest: object = None) -> str:
        """Apply on the server's side; a field it does not know is an error."""
        return self.run("apply", "--server-side", "--validate=strict", *arguments, manifest=manifest)
