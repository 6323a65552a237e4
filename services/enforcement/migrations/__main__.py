"""`python -m services.enforcement.migrations upgrade|check`, for a database migrated by command."""

from __future__ import annotations

import asyncio
import sys

from services.chassis.errors import PalisadeError
from services.enforcement.adapters.sql import migrate
from services.enforcement.adapters.sql.engine import open_engine
from services.enforcement.settings import EnforcementSettings

_USAGE = "usage: python -m services.enforcement.migrations upgrade|check"
_COMMANDS = {"upgrade": migrate.upgrade, "check": migrate.check}


async def _run(command: str) -> None:
    database = EnforcementSettings.load().database
    engine = open_engine(database.address, database.pool)
    try:
        await _COMMANDS[command](engine)
    finally:
        await engine.dispose()


def main(arguments: list[str]) -> int:
    """Exit status: 0 done, 1 refused, 2 bad usage."""
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        print(_USAGE, file=sys.stderr)
        return 2
    try:
        asyncio.run(_run(arguments[0]))
    except PalisadeError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
