"""Back-fill: items that come by topic get the verdicts that callers get."""

from __future__ import annotations

import pytest
from aiokafka import ConsumerRecord

from services.chassis.streams import topics
from services.contracts.media_scanner.v1 import media_scanner_pb2 as media_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.vocabulary import Decision, ProvenanceVerdict
from services.demo import pictures
from services.demo.system import LocalSystem
from tests.integration.system import groups
from tests.integration.system.clients import Clients
from tests.integration.system.items import queued_media, queued_prompts, store
from tests.integration.system.prompts import benign, blocked
from tests.integration.system.tap import Tap

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_batch_of_prompts_is_judged_prompt_by_prompt(clients: Clients, tap: Tap) -> None:
    batch = [benign("batch-1"), blocked("batch-2", generation_id="batch-2-g"), benign("batch-3")]
    await tap.write(topics.PROMPT_REQUESTS, queued_prompts("batch", batch), key="batch")

    keys = [b"batch-1", b"batch-2-g", b"batch-3"]
    records = await tap.records(topics.PROMPT_DECISIONS, lambda record: record.key in keys, count=len(batch))
    decided = {each.verdict.id: each for each in map(_prompt_decided, records)}
    decisions = {item: each.verdict.decision for item, each in decided.items()}
    assert decisions == {
        "batch-1": Decision.ALLOW,
        "batch-2": Decision.BLOCK,
        "batch-3": Decision.ALLOW,
    }
    asked = await clients.check(batch[1])
    assert asked == decided["batch-2"].verdict
    leaks = sum(prompt.text.encode() in record.value for prompt in batch for record in records)
    assert leaks == 0, "decisions carry no prompt text"


async def test_a_stored_upload_is_scanned(system: LocalSystem, tap: Tap) -> None:
    picture = pictures.with_generator_metadata().content
    stored = await store(system.objects, picture, "image/png")
    queued = queued_media("queued-upload", stored, account="uploader")
    await tap.write(topics.MEDIA_UPLOADS, queued, key="uploader")

    scanned = await tap.message(
        topics.MEDIA_SCANS, media_pb.MediaScanned, lambda each: each.verdict.id == "queued-upload"
    )
    assert (scanned.account, scanned.verdict.decision) == ("uploader", Decision.LABEL)
    assert scanned.verdict.ai_generated.verdict == ProvenanceVerdict.YES
    assert list(scanned.verdict.ai_generated.by) == ["metadata"]
    assert scanned.verdict.object.sha256 == stored.sha256
    assert scanned.meta.occurred_at == queued.meta.occurred_at
    await tap.caught_up(groups.MEDIA_SCANS, topics.MEDIA_SCANS)


def _prompt_decided(record: ConsumerRecord) -> prompt_pb.PromptDecided:
    return prompt_pb.PromptDecided.FromString(record.value)
