"""python -m services.prompt_filter.training --data DIR --out models/prompt_filter"""

from __future__ import annotations

from pathlib import Path

from services.prompt_filter.training import arguments
from services.prompt_filter.training.pipeline import Folders, Settings, run


def main() -> None:
    """Parse the command line and run every stage."""
    parser = arguments.parser("services.prompt_filter.training")
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--cache", type=Path, help="folder in which slow stages keep their result")
    given = parser.parse_args()
    prose = arguments.prose(given)
    run(Folders(given.data, given.out, prose, given.e5, given.minilm, given.cache), Settings())


if __name__ == "__main__":
    main()
