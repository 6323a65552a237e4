"""The embedded broker's own promises, seen through the client of its own library."""

import sys

import pytest
from confluent_kafka.admin import AdminClient

from services.chassis.streams.embedded import (
    EmbeddedBroker,
    EmbeddedBrokerError,
    EmbeddedBrokerUnavailableError,
)


def partition_counts(broker: EmbeddedBroker) -> dict[str, int]:
    admin = AdminClient({"bootstrap.servers": broker.bootstrap_servers, "log_level": 0})
    topics = admin.list_topics(timeout=10).topics
    return {name: len(topic.partitions) for name, topic in topics.items()}


def test_topics_have_the_partitions_asked_for() -> None:
    with EmbeddedBroker.start({"one": 1, "six": 6}) as broker:
        broker.create_topic("later", 3)

        assert partition_counts(broker) == {"one": 1, "six": 6, "later": 3}


def test_each_broker_has_an_address() -> None:
    with EmbeddedBroker.start({}, brokers=3) as broker:
        addresses = broker.bootstrap_servers.split(",")

    assert len(set(addresses)) == 3
    assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_two_brokers_do_not_share_topics() -> None:
    with EmbeddedBroker.start({"first": 1}) as first, EmbeddedBroker.start({"second": 1}) as second:
        assert partition_counts(first) == {"first": 1}
        assert partition_counts(second) == {"second": 1}


def test_existing_topic_is_refused_with_the_name() -> None:
    with (
        EmbeddedBroker.start({"taken": 1}) as broker,
        pytest.raises(EmbeddedBrokerError, match=r"create topic taken: .*exists") as refused,
    ):
        broker.create_topic("taken", 2)

    assert refused.value.operation == "create topic taken"


@pytest.mark.parametrize(("topics", "brokers"), [({}, 0), ({}, -1), ({"none": 0}, 1)])
def test_counts_below_one_are_refused(topics: dict[str, int], brokers: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        EmbeddedBroker.start(topics, brokers)


@pytest.mark.parametrize("broker_id", [-1, 0, 3])
def test_unknown_broker_is_refused(broker_id: int) -> None:
    with EmbeddedBroker.start({}, brokers=2) as broker:
        with pytest.raises(ValueError, match="numbered 1 to 2"):
            broker.set_down(broker_id)
        with pytest.raises(ValueError, match="numbered 1 to 2"):
            broker.set_up(broker_id)
        with pytest.raises(ValueError, match="numbered 1 to 2"):
            broker.set_round_trip(broker_id, 0.1)


def test_stopped_broker_answers_no_call() -> None:
    broker = EmbeddedBroker.start({"topic": 1})
    broker.stop()
    broker.stop()

    with pytest.raises(EmbeddedBrokerError, match="stopped"):
        broker.create_topic("other", 1)


def test_missing_wheel_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka.cimpl", None)

    with pytest.raises(EmbeddedBrokerUnavailableError, match="extra `embedded`"):
        EmbeddedBroker.start({})
