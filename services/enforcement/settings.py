"""Settings of the enforcement service."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.settings import ChassisSettings, Section
from services.enforcement.access import WhenUnavailable
from services.enforcement.adapters.sql.engine import PoolLimits
from services.enforcement.limits import InputLimits
from services.enforcement.relay import RelayLimits
from services.enforcement.view import ViewLimits

LADDER_FILE = Path(__file__).parent / "data" / "ladder.json"
EMBEDDED_DATABASE = "sqlite+aiosqlite:///.palisade/enforcement.db"


class DatabaseSettings(Section):
    """Where the events lie: `postgresql://…`, or `sqlite:///path` in the embedded profile."""

    url: SecretStr = SecretStr(EMBEDDED_DATABASE)
    pool_size: int = Field(default=10, ge=1)
    pool_wait_seconds: float = Field(default=5.0, gt=0)
    answer_seconds: float = Field(default=10.0, gt=0)
    # `by_command`: the service refuses to start on a schema that lacks something.
    migrate: Literal["at_start", "by_command"] = "at_start"

    @property
    def address(self) -> str:
        return self.url.get_secret_value()

    @property
    def pool(self) -> PoolLimits:
        return PoolLimits(self.pool_size, self.pool_wait_seconds, self.answer_seconds)


class AccessSettings(Section):
    """CheckAccess: how long memory serves, and the answers where nothing is known."""

    remembered_accounts: int = Field(default=100_000, ge=1)
    # A decision made by another replica takes effect here no later than this.
    fresh_seconds: float = Field(default=1.0, ge=0)
    # How long the last known events serve while the store is away.
    stale_seconds: float = Field(default=60.0, ge=0)
    generate_when_unavailable: Literal["allow", "deny"] = "deny"
    upload_when_unavailable: Literal["allow", "deny"] = "allow"

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.stale_seconds < self.fresh_seconds:
            raise ValueError("stale_seconds must not be below fresh_seconds")
        return self

    @property
    def view(self) -> ViewLimits:
        return ViewLimits(self.remembered_accounts, self.fresh_seconds, self.stale_seconds)

    @property
    def when_unavailable(self) -> WhenUnavailable:
        return WhenUnavailable(
            generate=self.generate_when_unavailable == "allow",
            upload=self.upload_when_unavailable == "allow",
        )


class OutboxSettings(Section):
    """The relay from the outbox to the topic."""

    batch: int = Field(default=200, ge=1)
    poll_seconds: float = Field(default=0.5, gt=0)
    retry_seconds: float = Field(default=1.0, gt=0)
    max_retry_seconds: float = Field(default=60.0, gt=0)
    # A relay that died is replaced after this long.
    lease_seconds: float = Field(default=30.0, gt=0)

    @property
    def limits(self) -> RelayLimits:
        return RelayLimits(
            self.batch, self.poll_seconds, self.retry_seconds, self.max_retry_seconds, self.lease_seconds
        )


class LadderSettings(Section):
    """The ladder in force, and what input is taken."""

    ladder: Path = LADDER_FILE
    max_statement_characters: int = Field(default=5_000, ge=1)
    max_page: int = Field(default=500, ge=1, le=10_000)
    clock_skew_seconds: float = Field(default=300.0, ge=0)

    @property
    def limits(self) -> InputLimits:
        return InputLimits(
            statement=self.max_statement_characters,
            clock_skew_seconds=self.clock_skew_seconds,
            page=self.max_page,
        )


class EnforcementSettings(ChassisSettings):
    """What the enforcement service is started with."""

    database: DatabaseSettings = DatabaseSettings()
    access: AccessSettings = AccessSettings()
    outbox: OutboxSettings = OutboxSettings()
    enforcement: LadderSettings = LadderSettings()

    @model_validator(mode="after")
    def _shared_store(self) -> Self:
        if self.profile == "production" and self.database.address.startswith("sqlite"):
            raise ValueError("database.url must name PostgreSQL with profile=production")
        return self
