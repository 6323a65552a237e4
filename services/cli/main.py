"""The `palisade` command. Each group imports what it needs when it is used, so that all start fast."""

from __future__ import annotations

import sys

import typer

from services.chassis.errors import PalisadeError, PolicyError, SettingsError
from services.chassis.logs import configure_logs
from services.chassis.settings import LogSettings
from services.cli import account, dlq, image, joint, media, prompt, watermark

EXIT_FAILED = 1
EXIT_BAD_USAGE = 2


def build() -> typer.Typer:
    """The command with all its groups."""
    # Pretty tracebacks show local variables, and those hold what people wrote.
    app = typer.Typer(
        help="Palisade: checks prompts, pictures and uploads, and holds accounts to the decisions.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    groups = {
        "prompt": prompt.app,
        "image": image.app,
        "joint": joint.app,
        "media": media.app,
        "watermark": watermark.app,
        "account": account.app,
        "dlq": dlq.app,
    }
    for name, group in groups.items():
        app.add_typer(group, name=name)
    return app


def run() -> None:
    """Run the command and exit: 0 all answered, 1 some errors, 2 bad usage or unusable settings."""
    # To stderr: stdout carries answers.
    configure_logs(LogSettings(level="warning", format="console"), service="palisade")
    try:
        build()()
    except PalisadeError as error:
        print(f"palisade: {error.message}", file=sys.stderr)
        sys.exit(EXIT_BAD_USAGE if isinstance(error, SettingsError | PolicyError) else EXIT_FAILED)


if __name__ == "__main__":
    run()
