"""`python -m deploy.grafana` writes the dashboards; `--check` only says whether they are current."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.front_end import front_end
from deploy.grafana.operations import operations
from deploy.grafana.platform import platform

FOLDER = Path(__file__).parent / "dashboards"


def rendered() -> dict[Path, str]:
    """The text of every dashboard, by the file it belongs in."""
    encoder = JSONEncoder(sort_keys=True, indent=2)
    boards = {"operations": operations(), "front-end": front_end(), "platform": platform()}
    return {FOLDER / f"{name}.json": encoder.encode(board.build()) + "\n" for name, board in boards.items()}


def stale() -> list[Path]:
    """Files that are not what the code says, or that it does not know."""
    texts = rendered()
    known = [path for path, text in texts.items() if not path.exists() or path.read_text() != text]
    return known + [path for path in sorted(FOLDER.glob("*.json")) if path not in texts]


def main() -> int:
    """Write, or check; exit status 1 where something is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if parser.parse_args().check:
        for path in stale():
            print(f"not current: {path.name} (python -m deploy.grafana)", file=sys.stderr)
        return 1 if stale() else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in rendered().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
