"""How every Kafka client of a process connects, and how a start waits for the broker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context

from services.chassis.clock import Clock
from services.chassis.settings import KafkaSettings
from services.chassis.streams.failures import BrokerUnavailableError

METADATA_MAX_AGE_MS = 10_000

_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 5.0

_log = structlog.get_logger(__name__)


def client_arguments(kafka: KafkaSettings) -> Mapping[str, Any]:
    """Arguments that aiokafka's client, consumer, producer and admin client share."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap_servers,
        "metadata_max_age_ms": METADATA_MAX_AGE_MS,
        "security_protocol": kafka.security_protocol,
    }
    if kafka.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = create_ssl_context(cafile=str(kafka.ca_file) if kafka.ca_file else None)
    if kafka.security_protocol.startswith("SASL"):
        arguments["sasl_mechanism"] = kafka.sasl_mechanism
        arguments["sasl_plain_username"] = kafka.sasl_username
        arguments["sasl_plain_password"] = kafka.sasl_password.get_secret_value()
    return arguments


async def wait_for_broker(kafka: KafkaSettings, *, clock: Clock) -> None:
    """Return when a broker answers; BrokerUnavailableError after `start_timeout_seconds`.

    aiokafka's and Faust's clients end at once where the broker is down while they start.
    """
    give_up = clock.monotonic() + kafka.start_timeout_seconds
    wait = _FIRST_WAIT_SECONDS
    while True:
        client = AIOKafkaClient(**client_arguments(kafka))
        try:
            await client.bootstrap()
        except (KafkaError, OSError) as error:
            if clock.monotonic() + wait > give_up:
                raise BrokerUnavailableError(
                    f"no broker of {kafka.bootstrap_servers} answered within "
                    f"{kafka.start_timeout_seconds:g} s: {type(error).__name__}"
                ) from error
            _log.info("waiting_for_broker", bootstrap_servers=kafka.bootstrap_servers, seconds=wait)
        else:
            return
        finally:
            await client.close()
        await clock.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
