"""The joint scorer's table."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

GENERATIONS = Table(
    "joint_generations",
    METADATA,
    Column("tenant", String(200), primary_key=True),
    Column("name", String(400), primary_key=True),
    Column("version", Integer, nullable=False),
    # NULL once decided; what the sweep looks for.
    Column("due", Double),
    # NULL until decided; with `unstated` what is to be published again, or forgotten.
    Column("decided_at", Double),
    Column("unstated", Integer, nullable=False),
    # The whole Generation, as JSON (adapters/records.py).
    Column("state", Text, nullable=False),
    Index("joint_generations_due", "due"),
    Index("joint_generations_decided", "unstated", "decided_at"),
)
