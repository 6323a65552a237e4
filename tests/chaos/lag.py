"""How far a consumer group is behind, asked of the broker."""

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient


async def lag(bootstrap_servers: str, topic: str, partitions: int, group: str) -> int:
    """Records written but not committed by `group`."""
    assigned = [TopicPartition(topic, number) for number in range(partitions)]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await admin.start()
    await consumer.start()
    try:
        ends = await consumer.end_offsets(assigned)
        offsets = await admin.list_consumer_group_offsets(group, partitions=assigned)
    finally:
        await consumer.stop()
        await admin.close()
    committed = {partition: max(0, offsets[partition].offset) for partition in assigned}
    return sum(end - committed[partition] for partition, end in ends.items())
