"""How clients connect, and what happens where there is nobody to connect to."""

import socket

import pytest
from pydantic import SecretStr

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings
from services.chassis.streams.connection import client_arguments, wait_for_broker
from services.chassis.streams.failures import BrokerUnavailableError
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.publisher import PublishError


def test_plaintext_needs_no_credentials() -> None:
    arguments = client_arguments(KafkaSettings(bootstrap_servers="a:1,b:2"))
    assert arguments["bootstrap_servers"] == "a:1,b:2"
    assert arguments["security_protocol"] == "PLAINTEXT"
    assert not {"ssl_context", "sasl_mechanism"} & arguments.keys()


def test_sasl_ssl_brings_both() -> None:
    kafka = KafkaSettings(
        bootstrap_servers="a:1",
        security_protocol="SASL_SSL",
        sasl_username="palisade",
        sasl_password=SecretStr("secret"),
    )
    arguments = client_arguments(kafka)
    assert arguments["ssl_context"].check_hostname
    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (arguments["sasl_plain_username"], arguments["sasl_plain_password"]) == ("palisade", "secret")


async def test_a_start_gives_up_in_the_end_and_says_whom_it_asked() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unheard.getsockname()[1]}"
        kafka = KafkaSettings(bootstrap_servers=address, start_timeout_seconds=0.01)
        with pytest.raises(BrokerUnavailableError, match=address):
            await wait_for_broker(kafka, clock=SystemClock())


async def test_publishing_before_the_start_is_a_named_error() -> None:
    publisher = KafkaPublisher(KafkaSettings(), metrics=Metrics("test"), clock=SystemClock())
    with pytest.raises(PublishError):
        await publisher.publish("t", key=None, value=b"")
