"""asyncpg on a real PostgreSQL server, and databases that do not meet."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.harness.postgres import PostgresServer


async def test_asyncpg_talks_to_a_supported_version(postgres: PostgresServer) -> None:
    engine = create_async_engine(postgres.url("postgres"))
    try:
        async with engine.connect() as connection:
            version = int(await connection.scalar(text("SHOW server_version_num")) or 0)
            encoding = await connection.scalar(text("SHOW server_encoding"))
    finally:
        await engine.dispose()

    assert version >= 130_000
    assert encoding == "UTF8"


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_has_an_empty_database(database_url: str, round_: int) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE mark (value INTEGER)"))
            await connection.execute(text("INSERT INTO mark VALUES (:value)"), {"value": round_})
            values = (await connection.execute(text("SELECT value FROM mark"))).scalars().all()
    finally:
        await engine.dispose()

    assert values == [round_]


@pytest.mark.parametrize("name", ["", "Upper", "a b", "a;b", "9lives", "a" * 64])
def test_odd_database_name_is_refused(postgres: PostgresServer, name: str) -> None:
    with pytest.raises(ValueError, match="plain database name"):
        postgres.create_database(name)
