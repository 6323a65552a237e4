"""`python -m services.cli` is `palisade`."""

from services.cli.main import run

run()
