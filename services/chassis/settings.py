"""Settings of a process: from the environment (`PALISADE_…`) and an optional TOML file.

Nested fields are written with two underscores: `PALISADE_GRPC__ADDRESS`. The environment
wins over the file named by `PALISADE_CONFIG`. A name nobody knows, or two values that
contradict each other, stop the process with a message that names the variable.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from services.chassis.errors import SettingsError

PREFIX = "PALISADE_"
CONFIG_VARIABLE = "PALISADE_CONFIG"


class Section(BaseModel):
    """A group of settings; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TlsSettings(Section):
    """PEM files; re-read on rotation. With `client_ca`, clients must show a certificate (mTLS)."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


class GrpcSettings(Section):
    """The RPC side of a service. Addresses are host:port; port 0 takes a free one."""

    address: str = "127.0.0.1:50051"
    # Plaintext and without authentication, for the kubelet's probes; empty: health on `address` only.
    health_address: str = ""
    tls: TlsSettings | None = None
    reflection: bool = False
    max_concurrent_calls: int = Field(default=256, ge=1)
    max_message_bytes: int = Field(default=4 * 1024 * 1024, ge=1024)
    max_upload_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    # All uploads in flight together; a call that would pass it gets RESOURCE_EXHAUSTED.
    max_buffered_bytes: int = Field(default=256 * 1024 * 1024, ge=1024)
    # Applied where the caller set none.
    default_deadline_seconds: float = Field(default=30.0, gt=0)
    # A call with less time left than this is refused at once.
    min_deadline_seconds: float = Field(default=0.005, ge=0)
    max_connection_age_seconds: float = Field(default=600.0, gt=0)


class AuthSettings(Section):
    """Who may call. `off` is accepted only by the embedded profile."""

    mode: Literal["api_key", "off"] = "api_key"
    # JSON: {"keys": [{"tenant", "salt", "hash", "roles"}]}; hashes by scrypt, see chassis/rpc/api_keys.py.
    keys_file: Path | None = None


class KafkaSettings(Section):
    """The broker. An empty `bootstrap_servers` runs the service without its Kafka side."""

    bootstrap_servers: str = ""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = "SCRAM-SHA-512"
    sasl_username: str = ""
    sasl_password: SecretStr = SecretStr("")
    ca_file: Path | None = None
    # Static membership: stable per slot, for example the pod's name. Empty: dynamic member.
    group_instance_id: str = ""
    group_prefix: str = "palisade"
    session_timeout_seconds: float = Field(default=6.0, gt=0)
    heartbeat_seconds: float = Field(default=1.0, gt=0)
    rebalance_timeout_seconds: float = Field(default=10.0, gt=0)
    request_timeout_seconds: float = Field(default=20.0, gt=0)
    commit_interval_seconds: float = Field(default=0.5, gt=0)
    # How long a record may wait for its acknowledgement; longer than the longest outage to ride out.
    delivery_timeout_seconds: float = Field(default=120.0, gt=0)
    # How long start-up waits for the broker before giving up.
    start_timeout_seconds: float = Field(default=120.0, gt=0)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.heartbeat_seconds * 3 > self.session_timeout_seconds:
            raise ValueError("heartbeat_seconds must be at most a third of session_timeout_seconds")
        if self.request_timeout_seconds < self.session_timeout_seconds:
            raise ValueError("request_timeout_seconds must not be below session_timeout_seconds")
        if self.security_protocol.startswith("SASL") and not self.sasl_username:
            raise ValueError("sasl_username is needed with a SASL security_protocol")
        return self


class WorkerSettings(Section):
    """Limits of a service's Kafka stages (see chassis/streams/stage.py)."""

    driver: Literal["default", "faust", "aiokafka"] = "default"
    window: int = Field(default=128, ge=1)
    deadline_seconds: float = Field(default=30.0, gt=0)
    retry_delays_seconds: tuple[float, ...] = (0.1, 1.0, 5.0)
    stalled_after_seconds: float = Field(default=60.0, gt=0)


class OutgoingSettings(Section):
    """What an RPC does with the event that follows from its answer.

    `background`: the answer does not wait for Kafka; at most `capacity` events wait for their
    acknowledgement. `required`: an unrecorded decision is no decision.
    """

    mode: Literal["background", "required"] = "background"
    capacity: int = Field(default=10_000, ge=1)


class ObjectSettings(Section):
    """Where item bytes lie: `file:///path` or `s3://bucket/prefix`."""

    url: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_access_key: SecretStr = SecretStr("")
    allow_http: bool = False


class MetricsSettings(Section):
    """Prometheus exposition over HTTP; an empty address serves none."""

    address: str = "127.0.0.1:9464"


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


class LifecycleSettings(Section):
    """Drain: health goes NOT_SERVING, endpoints get time to notice, accepted work is finished.

    Each part may take `drain_seconds` for its work and `stop_seconds` to let go of what it holds.
    """

    propagation_seconds: float = Field(default=2.0, ge=0)
    drain_seconds: float = Field(default=20.0, gt=0)
    stop_seconds: float = Field(default=20.0, gt=0)


class ChassisSettings(BaseSettings):
    """What every service has. A service subclasses this and adds its own sections."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    # `embedded`: one machine, loopback, no TLS or keys demanded. `production`: both demanded.
    profile: Literal["embedded", "production"] = "production"
    grpc: GrpcSettings = GrpcSettings()
    auth: AuthSettings = AuthSettings()
    kafka: KafkaSettings = KafkaSettings()
    worker: WorkerSettings = WorkerSettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    objects: ObjectSettings = ObjectSettings()
    metrics: MetricsSettings = MetricsSettings()
    log: LogSettings = LogSettings()
    lifecycle: LifecycleSettings = LifecycleSettings()

    @model_validator(mode="after")
    def _secure(self) -> Self:
        if self.profile == "embedded":
            return self
        if self.auth.mode == "off":
            raise ValueError("auth.mode=off is accepted only with profile=embedded")
        if self.auth.keys_file is None:
            raise ValueError("auth.keys_file is needed with profile=production")
        if self.grpc.tls is None:
            raise ValueError("grpc.tls.certificate and grpc.tls.key are needed with profile=production")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        path = os.environ.get(CONFIG_VARIABLE)
        file = (TomlConfigSettingsSource(settings_cls, Path(path)),) if path else ()
        return (init_settings, env_settings, *file)

    @classmethod
    def load(cls) -> Self:
        """Read and check everything; SettingsError says which variables to mend, and how."""
        unknown = sorted(cls._unknown_variables())
        if unknown:
            raise SettingsError(f"unknown settings: {', '.join(unknown)}")
        path = os.environ.get(CONFIG_VARIABLE)
        if path and not Path(path).is_file():
            raise SettingsError(f"{CONFIG_VARIABLE}: there is no file {path}")
        try:
            return cls()
        except ValidationError as error:
            faults = "; ".join(_fault(list(item["loc"]), item["msg"]) for item in error.errors())
            raise SettingsError(faults) from error
        except ValueError as error:
            raise SettingsError(f"{CONFIG_VARIABLE}: {error}") from error

    @classmethod
    def _unknown_variables(cls) -> set[str]:
        """Names with our prefix whose first part is no field; deeper parts pydantic refuses itself."""
        known = {f"{PREFIX}{name.upper()}" for name in cls.model_fields} | {CONFIG_VARIABLE}
        ours = {name for name in os.environ if name.startswith(PREFIX)} - _TOOLING
        return {name for name in ours if name.split("__")[0] not in known}


# Read by the tests and the command line, not by services; they may stand in the same environment.
_TOOLING = {"PALISADE_REQUIRE_REAL", "PALISADE_SERVER", "PALISADE_API_KEY"}


def _fault(location: list[int | str], message: str) -> str:
    name = PREFIX + "__".join(str(part).upper() for part in location) if location else "settings"
    return f"{name}: {message}"
