"""The tables. Moments are whole microseconds since the epoch, so that they compare exactly."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)

# SQLite numbers rows by itself only in a column of type INTEGER.
_POSITION = BigInteger().with_variant(Integer, "sqlite")

# The row that a writer locks: one an account, whether or not it has events.
accounts = Table(
    "accounts",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("account", String, primary_key=True),
)

# Append-only: triggers refuse UPDATE and DELETE.
events = Table(
    "events",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("event_id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("item", String, nullable=False),
    Column("category", SmallInteger),
    Column("severity", SmallInteger),
    Column("decision", SmallInteger),
    Column("policy_version", String, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("refers_to", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("statement", Text, nullable=False),
    UniqueConstraint("tenant", "account", "sequence"),
    ForeignKeyConstraint(["tenant", "account"], ["accounts.tenant", "accounts.account"]),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", _POSITION, primary_key=True, autoincrement=True),
    Column("tenant", String, nullable=False),
    Column("account", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("published_at", BigInteger),
)
Index(
    "ix_outbox_pending",
    outbox.c.position,
    postgresql_where=outbox.c.published_at.is_(None),
    sqlite_where=outbox.c.published_at.is_(None),
)

# Who may publish, and until when; one row a task, made by the migration.
leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", BigInteger, nullable=False),
)

ladders = Table(
    "ladders",
    metadata,
    Column("version", String, primary_key=True),
    Column("document", Text, nullable=False),
)
