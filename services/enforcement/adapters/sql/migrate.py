"""Brings a database to the schema this code knows, by Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.errors import SettingsError
from services.enforcement.adapters.sql.engine import for_writing
from services.enforcement.adapters.sql.errors import unavailable_where_it_may_pass
from services.enforcement.adapters.sql.tables import metadata

_FOLDER = Path(__file__).parents[2] / "migrations"
# Replicas that start together migrate one after the other; any number that only we use.
_ADVISORY_LOCK = 0x70616C69


async def upgrade(engine: AsyncEngine) -> None:
    """Apply what is missing, in one transaction. A database newer than this code is left as it is."""
    with unavailable_where_it_may_pass():
        async with for_writing(engine).begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _ADVISORY_LOCK})
            await connection.run_sync(_upgrade)


async def check(engine: AsyncEngine) -> None:
    """SettingsError where the schema lacks something this code needs."""
    with unavailable_where_it_may_pass():
        async with engine.connect() as connection:
            missing = await connection.run_sync(_missing)
    if missing:
        raise SettingsError(
            f"database.url: the schema lacks {', '.join(missing)}; "
            "run python -m services.enforcement.migrations upgrade"
        )


def _missing(connection: Connection) -> list[str]:
    """Known revisions not applied yet, oldest first.

    A revision this code does not know is of newer code, which only adds (expand): nothing is missing.
    """
    script = ScriptDirectory(str(_FOLDER))
    current = MigrationContext.configure(connection).get_current_revision()
    known = [revision.revision for revision in script.walk_revisions()][::-1]
    if current is not None and current not in known:
        return []
    return known if current is None else known[known.index(current) + 1 :]


def _upgrade(connection: Connection) -> None:
    if not _missing(connection):
        return
    script = ScriptDirectory(str(_FOLDER))

    def steps(revision: Any, _context: object) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic's own command calls

    with EnvironmentContext(Config(), script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        # The caller's transaction is the one transaction; Alembic must not end it.
        environment.run_migrations()
