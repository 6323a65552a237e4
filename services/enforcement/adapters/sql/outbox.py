"""The outbox beside the events it announces."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.enforcement.adapters.sql.engine import for_writing
from services.enforcement.adapters.sql.errors import unavailable_where_it_may_pass
from services.enforcement.adapters.sql.rows import microseconds, seconds
from services.enforcement.adapters.sql.tables import leases, outbox
from services.enforcement.events import AccountKey
from services.enforcement.outbox import OutboxRecord

LEASE = "outbox"


class SqlOutbox:
    """Rows of `outbox` whose `published_at` is null, and the lease of whoever publishes them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = for_writing(engine)

    async def lease(self, holder: str, *, now: float, seconds: float) -> bool:
        free = or_(leases.c.holder == holder, leases.c.until <= microseconds(now))
        take = (
            update(leases)
            .where(leases.c.name == LEASE, free)
            .values(holder=holder, until=microseconds(now + seconds))
        )
        with unavailable_where_it_may_pass():
            async with self._writing.begin() as connection:
                return (await connection.execute(take)).rowcount == 1

    async def pending(self, limit: int) -> Sequence[OutboxRecord]:
        oldest = (
            select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.position).limit(limit)
        )
        with unavailable_where_it_may_pass():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(oldest)).all()
        return [
            OutboxRecord(
                position=row.position,
                key=AccountKey(row.tenant, row.account),
                event_id=row.event_id,
                payload=row.payload,
                created_at=seconds(row.created_at),
            )
            for row in rows
        ]

    async def mark_published(self, positions: Sequence[int], *, now: float) -> None:
        marked = update(outbox).where(outbox.c.position.in_(positions)).values(published_at=microseconds(now))
        with unavailable_where_it_may_pass():
            async with self._writing.begin() as connection:
                await connection.execute(marked)

    async def oldest_pending(self) -> float | None:
        oldest = select(func.min(outbox.c.created_at)).where(outbox.c.published_at.is_(None))
        with unavailable_where_it_may_pass():
            async with self._engine.connect() as connection:
                created_at = await connection.scalar(oldest)
        return None if created_at is None else seconds(created_at)
