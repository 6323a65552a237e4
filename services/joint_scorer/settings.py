"""Settings of the joint scorer."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.settings import ChassisSettings, Section


class JointSettings(Section):
    """By which policy halves are judged, and where they wait for each other."""

    # Empty: the policy that ships.
    policy: Path | None = None
    # sqlite+aiosqlite:///file or postgresql+asyncpg://user:password@host/database.
    # Empty: in memory, so that halves which wait are lost with the process; not in production.
    database_url: SecretStr = SecretStr("")
    sweep_interval_seconds: float = Field(default=1.0, gt=0)
    # A verdict not known to be published is published again after this.
    restate_after_seconds: float = Field(default=30.0, gt=0)
    sweep_batch: int = Field(default=100, ge=1)


class JointScorerSettings(ChassisSettings):
    """PALISADE_JOINT__… beside what every service has."""

    joint: JointSettings = JointSettings()

    @model_validator(mode="after")
    def _durable(self) -> Self:
        joins = self.profile == "production" and self.kafka.bootstrap_servers
        if joins and not self.joint.database_url.get_secret_value():
            raise ValueError("joint.database_url is needed with profile=production")
        return self
