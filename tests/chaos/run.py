"""One chaos run: events flow, faults strike, everything settles, the checker speaks."""

import asyncio
import random
import signal
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.chassis.clock import SystemClock
from services.chassis.settings import KafkaSettings
from services.chassis.streams.dead_letter_log import open_dead_letters
from services.chassis.streams.dead_letters import REASON, STAGE
from services.chassis.streams.log_limit import limit_kafka_logs
from services.chassis.streams.stage import Driver
from services.chassis.streams.topics import dead_letters
from tests.chaos.brokers import FragileBroker
from tests.chaos.checker import DeadLetterSeen, Findings, check
from tests.chaos.effects import EffectReader
from tests.chaos.events import DEAD, ChaosEvent, generate
from tests.chaos.fleet import Fleet
from tests.chaos.lag import lag
from tests.chaos.plan import Fault, Strike, draw_strikes
from tests.chaos.worker import stage_name

_PARTITIONS = 6
_KEYS = 300
_SLOTS = 3
# The embedded broker forgets old records: stay well within what it keeps.
_AHEAD = 3000
_BATCH = 100
_LOOK_SECONDS = 0.1
_SETTLE_SECONDS = 150.0
_LOG_EVERY_SECONDS = 10.0
# Drained, or told to end before it had come as far as heeding signals.
_ORDERLY = {0, -signal.SIGTERM}
_STAGES = [stage_name(driver) for driver in Driver]


@dataclass(frozen=True, slots=True)
class ChaosReport:
    """What happened, and what the checker found."""

    seed: int
    accepted: int
    strikes: Sequence[Strike]
    findings: Findings
    lag: int
    exit_statuses: Sequence[int]
    unasked_ends: Sequence[int]
    seconds: float
    logs: str

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, repeated in effect, reordered or left behind."""
        return not self.findings.faults and self.lag == 0 and set(self.exit_statuses) <= _ORDERLY

    def __str__(self) -> str:
        """In a few lines."""
        faults = {fault: sum(strike.fault is fault for strike in self.strikes) for fault in Fault}
        share = self.findings.duplicates / max(1, self.findings.effective)
        return "\n".join(
            [
                f"seed {self.seed}: {self.accepted} events, {len(_STAGES)} stages, {self.seconds:.0f} s",
                f"faults: {', '.join(f'{fault} {count}' for fault, count in faults.items())}",
                f"effective {self.findings.effective}, duplicates {self.findings.duplicates} ({share:.2%})",
                f"dead letters {self.findings.dead_letters}, lag {self.lag}",
                f"exit statuses {list(self.exit_statuses)}, unasked ends {list(self.unasked_ends)}",
                *(f"FAULT {fault}" for fault in self.findings.faults),
            ]
        )


class ChaosRun:
    """Everything of one run."""

    def __init__(self, broker: FragileBroker, *, events: int, faults: int, seed: int, folder: Path) -> None:
        self._broker = broker
        self._seed = seed
        draw = random.Random(seed)
        self._events = list(generate(events, _KEYS, draw))
        self._strikes = draw_strikes(faults, slots=_SLOTS, nodes=broker.nodes, draw=draw)
        self._topic = f"chaos-{uuid.uuid4().hex[:8]}"
        self._fleet = Fleet(
            _SLOTS, bootstrap_servers=broker.bootstrap_servers, topic=self._topic, folder=folder
        )
        self._effects = EffectReader(self._fleet.effects)
        self._expected = len(_STAGES) * sum(event.kind not in DEAD for event in self._events)

    async def run(self) -> ChaosReport:
        """Run to the end; raises only where the run itself breaks."""
        started = monotonic()
        limit_kafka_logs(seconds=_LOG_EVERY_SECONDS, monotonic=monotonic)
        partitions = {self._topic: _PARTITIONS, dead_letters(self._topic): _PARTITIONS}
        await self._broker.create_topics(partitions)
        await self._fleet.start()
        try:
            striking = asyncio.create_task(self._strike())
            await self._produce()
            await self._wait_for_effects(striking)
            await striking
            left = await self._settle()
            statuses = await self._fleet.stop()
            self._effects.follow()
            findings = check(self._events, self._effects.effects, await self._dead_letters(), _STAGES)
        finally:
            await self._fleet.abandon()
            self._effects.close()
        return ChaosReport(
            seed=self._seed,
            accepted=len(self._events),
            strikes=self._strikes,
            findings=findings,
            lag=left,
            exit_statuses=statuses,
            unasked_ends=self._fleet.unasked_ends,
            seconds=monotonic() - started,
            logs=self._fleet.logs(),
        )

    async def _produce(self) -> None:
        """Every event is accepted: acknowledged, in the order of its key."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._broker.bootstrap_servers,
            enable_idempotence=True,
            request_timeout_ms=120_000,
            metadata_max_age_ms=5_000,
            linger_ms=10,
        )
        await producer.start()
        try:
            for start in range(0, len(self._events), _BATCH):
                while start - self._done() > _AHEAD:
                    await asyncio.sleep(_LOOK_SECONDS)
                await self._send(producer, self._events[start : start + _BATCH])
        finally:
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, events: Sequence[ChaosEvent]) -> None:
        acknowledgements = [
            await producer.send(self._topic, event.encode(), key=str(event.key).encode()) for event in events
        ]
        await asyncio.gather(*acknowledgements)

    async def _strike(self) -> None:
        for strike in self._strikes:
            while self._effects.follow() < strike.after * self._expected:
                await asyncio.sleep(_LOOK_SECONDS)
            match strike.fault:
                case Fault.KILL_WORKER:
                    self._fleet.kill(strike.target)
                case Fault.DEPLOY_WORKER:
                    self._fleet.terminate(strike.target)
                case Fault.BROKER_DOWN:
                    await self._broker.take_down(strike.target)
                    await asyncio.sleep(strike.seconds)
                    await self._broker.bring_up(strike.target)

    async def _wait_for_effects(self, striking: asyncio.Task[None]) -> None:
        """Until every good event has its effect in each stage, or nothing more happens."""
        give_up = monotonic() + _SETTLE_SECONDS
        seen = 0
        while len({(e.stage, e.number) for e in self._effects.effects}) < self._expected:
            if self._effects.follow() > seen:
                seen = len(self._effects.effects)
                give_up = monotonic() + _SETTLE_SECONDS
            elif monotonic() > give_up:
                striking.cancel()
                return
            await asyncio.sleep(_LOOK_SECONDS * 5)

    async def _settle(self) -> int:
        """Wait until everything is committed; how much is not, where that takes too long."""
        give_up = monotonic() + _SETTLE_SECONDS
        left = -1
        while left != 0 and monotonic() < give_up:
            try:
                left = sum([await self._lag(stage) for stage in _STAGES])
            except KafkaError:
                left = -1
            await asyncio.sleep(_LOOK_SECONDS * 5)
        return left

    async def _lag(self, stage: str) -> int:
        group = f"{KafkaSettings().group_prefix}.{stage}"
        return await lag(self._broker.bootstrap_servers, self._topic, _PARTITIONS, group)

    async def _dead_letters(self) -> list[DeadLetterSeen]:
        kafka = KafkaSettings(bootstrap_servers=self._broker.bootstrap_servers)
        letters = await open_dead_letters(kafka, self._topic, clock=SystemClock())
        return [
            DeadLetterSeen(
                letter.text(STAGE),
                ChaosEvent.decode(letter.record.value).number,
                letter.text(REASON),
            )
            for letter in letters
        ]

    def _done(self) -> int:
        return self._effects.follow() // len(_STAGES)
