"""From a shell to a running service and back: the one call of every `__main__`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar

import structlog
import uvloop

from services.chassis.errors import PolicyError, SettingsError
from services.chassis.lasting import lasting
from services.chassis.logs import configure_logs
from services.chassis.service import Service, termination
from services.chassis.settings import ChassisSettings

S = TypeVar("S", bound=ChassisSettings)

EXIT_FAILED = 1
EXIT_UNUSABLE_SETTINGS = 2

_log = structlog.get_logger(__name__)


def run_service(name: str, settings: type[S], build: Callable[[S], Service]) -> None:
    """Load the settings, build the service inside the loop, and run it until SIGTERM or SIGINT.

    Ends the process: 0 after a drain, 1 where the start or a stage failed, 2 where settings or
    policy cannot be started with; then one line on stderr says what to mend.
    """
    try:
        loaded = settings.load()
        configure_logs(loaded.log, service=name)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_live(loaded, build))
    except (SettingsError, PolicyError) as error:
        print(f"{name}: {error.message}", file=sys.stderr)
        sys.exit(EXIT_UNUSABLE_SETTINGS)
    except Exception as error:  # noqa: BLE001 - boundary: whatever it was, the exit status says so
        _log.exception("service_failed", reason=str(error))
        sys.exit(EXIT_FAILED)


async def _live(settings: S, build: Callable[[S], Service]) -> None:
    """Building happens here because some parts tie themselves to the running loop."""
    terminated = asyncio.create_task(termination())
    try:
        with lasting():
            service = build(settings)
        await service.run(terminated)
    finally:
        terminated.cancel()
