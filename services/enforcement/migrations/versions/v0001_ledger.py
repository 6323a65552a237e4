"""Accounts, events, outbox, leases and ladders.

Expand and contract: a version only adds; what nothing reads any more goes in a later one, when
no process of the older code is left.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_REFUSALS = {
    "sqlite": """
CREATE TRIGGER events_append_only_{verb} BEFORE {VERB} ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
""",
    "postgresql": """
CREATE TRIGGER events_append_only_{verb} BEFORE {VERB} ON events
FOR EACH ROW EXECUTE FUNCTION refuse_append_only()
""",
}

_REFUSE = """
CREATE FUNCTION refuse_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are append-only'; END $$
"""


def upgrade() -> None:
    """Create everything the first version needs."""
    _create_accounts_and_events()
    _create_outbox()
    op.create_table(
        "ladders",
        sa.Column("version", sa.String, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_ladders"),
    )
    _refuse_changes_of_events()


def _create_accounts_and_events() -> None:
    op.create_table(
        "accounts",
        sa.Column("tenant", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "account", name="pk_accounts"),
    )
    op.create_table(
        "events",
        sa.Column("tenant", sa.String, nullable=False),
        sa.Column("event_id", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("category", sa.SmallInteger),
        sa.Column("severity", sa.SmallInteger),
        sa.Column("decision", sa.SmallInteger),
        sa.Column("policy_version", sa.String, nullable=False),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("refers_to", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "event_id", name="pk_events"),
        sa.UniqueConstraint("tenant", "account", "sequence", name="uq_events_tenant_account_sequence"),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.account"], name="fk_events_accounts"
        ),
    )


def _create_outbox() -> None:
    position = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "outbox",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("event_id", sa.String, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
    )
    pending = sa.text("published_at IS NULL")
    op.create_index(
        "ix_outbox_pending", "outbox", ["position"], postgresql_where=pending, sqlite_where=pending
    )
    leases = op.create_table(
        "leases",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.bulk_insert(leases, [{"name": "outbox", "holder": "", "until": 0}])


def _refuse_changes_of_events() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_REFUSE)
    for verb in ("update", "delete"):
        op.execute(_REFUSALS[dialect].format(verb=verb, VERB=verb.upper()))
