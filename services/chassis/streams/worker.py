"""One Kafka stage as a part of a process."""

from __future__ import annotations

import asyncio

from services.chassis.clock import Clock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings, WorkerSettings
from services.chassis.streams.connection import wait_for_broker
from services.chassis.streams.dead_letters import DeadLetters
from services.chassis.streams.drivers.aiokafka_driver import AiokafkaDriver
from services.chassis.streams.drivers.driver import StreamDriver
from services.chassis.streams.log_limit import limit_kafka_logs
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import Driver, Stage
from services.chassis.streams.stage_metrics import StageMetrics
from services.chassis.streams.strategy import Strategy
from services.chassis.streams.watchdog import ProgressWatchdog

_LOG_EVERY_SECONDS = 10.0
_REPORT_SECONDS = 1.0


class StageWorker:
    """Runs a stage: consumes its topic as the group `<group_prefix>.<stage name>`.

    `publisher` takes the dead letters and must be started before and stopped after the worker.
    """

    def __init__(
        self,
        stage: Stage,
        kafka: KafkaSettings,
        worker: WorkerSettings,
        *,
        publisher: Publisher,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self.stage = stage
        self._kafka = kafka
        self._publisher = publisher
        self._clock = clock
        self._metrics = StageMetrics(metrics, stage=stage.name, topic=stage.topic)
        self._watchdog = ProgressWatchdog(
            stage.name, stalled_after_seconds=worker.stalled_after_seconds, clock=clock
        )
        self._driver: StreamDriver | None = None
        self._strategy: Strategy | None = None
        self._watching: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    @property
    def name(self) -> str:
        """See `Component.name`."""
        return f"stage {self.stage.name}"

    @property
    def stalled(self) -> bool:
        """Whether liveness should fail: events wait, and none completes."""
        return self._watchdog.stalled

    async def start(self) -> None:
        """Wait for the broker and join the group; BrokerUnavailableError where none answers."""
        limit_kafka_logs(seconds=_LOG_EVERY_SECONDS, monotonic=self._clock.monotonic)
        await wait_for_broker(self._kafka, clock=self._clock)
        self._driver = driver = self._new_driver()
        self._strategy = strategy = Strategy(
            self.stage,
            dead_letters=DeadLetters(self.stage, self._publisher),
            completed=driver.completed,
            metrics=self._metrics,
            clock=self._clock,
        )
        await driver.start(strategy)
        self._watching = asyncio.create_task(self._watch(driver, strategy))
        self._started.set()

    async def drain(self) -> None:
        """Take nothing new, finish and commit what was taken."""
        if self._driver is not None:
            await self._driver.drain()

    async def stop(self) -> None:
        """Leave the group; what is not completed will be delivered again."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.stop()
            self._metrics.flush()

    async def failure(self) -> BaseException:
        """Return why the stage stopped itself, when it does; the process should then end."""
        await self._started.wait()
        assert self._strategy is not None
        return await asyncio.shield(self._strategy.failure)

    def _new_driver(self) -> StreamDriver:
        group = f"{self._kafka.group_prefix}.{self.stage.name}"
        if self.stage.driver is Driver.AIOKAFKA:
            return AiokafkaDriver(self.stage, group=group, kafka=self._kafka, clock=self._clock)
        # Importing Faust takes most of a second, which processes without it need not pay.
        from services.chassis.streams.drivers.faust_driver import FaustDriver

        return FaustDriver(self.stage, group=group, kafka=self._kafka, clock=self._clock)

    async def _watch(self, driver: StreamDriver, strategy: Strategy) -> None:
        due = self._clock.monotonic()
        while True:
            await self._clock.sleep(_REPORT_SECONDS)
            if self._clock.monotonic() >= due:
                await self._watchdog.check(driver)
                due = self._clock.monotonic() + self._watchdog.check_seconds
            self._report(strategy)

    def _report(self, strategy: Strategy) -> None:
        oldest = strategy.window.oldest_timestamp()
        lag = 0.0 if oldest is None else max(0.0, self._clock.now() - oldest)
        self._metrics.report(in_flight=strategy.window.size, lag_seconds=lag, stalled=self.stalled)
