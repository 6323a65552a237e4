"""Topics on a real cluster, made and waited for."""

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

_READY_SECONDS = 30.0
_POLL_SECONDS = 0.05


class TopicsNotCreatedError(RuntimeError):
    """The cluster refused a topic; carries its own message."""


async def create_topics(bootstrap_servers: str, topics: Mapping[str, int], replicas: int) -> None:
    """Create `topics` (name to partition count) and return once every partition has a leader."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        wanted = [NewTopic(name, partitions, replicas) for name, partitions in topics.items()]
        answer = await admin.create_topics(wanted)
        refused = [error for error in answer.topic_errors if error[1] != 0]
        if refused:
            raise TopicsNotCreatedError("; ".join(f"{error[0]}: {error[2]}" for error in refused))
        async with asyncio.timeout(_READY_SECONDS):
            await _until_led(admin, topics)
    finally:
        await admin.close()


async def _until_led(admin: AIOKafkaAdminClient, topics: Mapping[str, int]) -> None:
    # The protocol has no notice of a finished creation to wait for.
    while True:
        if await _all_led(admin, topics):
            return
        await asyncio.sleep(_POLL_SECONDS)


async def _all_led(admin: AIOKafkaAdminClient, topics: Mapping[str, int]) -> bool:
    described = await admin.describe_topics(list(topics))
    return all(
        topic["error_code"] == 0
        and len(topic["partitions"]) == topics[topic["topic"]]
        and all(partition["leader"] >= 0 for partition in topic["partitions"])
        for topic in described
    )
