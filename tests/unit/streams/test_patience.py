"""What a consumer bears."""

import pytest
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError, KafkaError

from services.chassis.streams.drivers.patience import Patience
from services.chassis.streams.failures import ConsumerFailedError


def test_an_outage_is_borne_for_any_time() -> None:
    patience = Patience("s")
    for _ in range(1000):
        patience.bear(KafkaConnectionError())


def test_refusals_are_borne_unless_they_do_not_end() -> None:
    patience = Patience("s")
    for _ in range(19):
        patience.bear(KafkaError("refused"))
    patience.relieved()
    for _ in range(19):
        patience.bear(KafkaError("refused"))
    with pytest.raises(ConsumerFailedError):
        patience.bear(KafkaError("refused"))


def test_a_lack_of_rights_is_not_borne() -> None:
    with pytest.raises(ConsumerFailedError):
        Patience("s").bear(GroupAuthorizationFailedError("group"))
