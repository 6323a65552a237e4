"""The worker processes of a run: one a slot, restarted whenever they end."""

import asyncio
import signal
import sys
from pathlib import Path

# Above what a worker allows its parts to drain and to stop, all three together.
_TERMINATION_SECONDS = 90.0
_REPLACEMENT_SECONDS = 0.05
_ROOT = Path(__file__).parents[2]


class Fleet:
    """Keeps every slot occupied, as an orchestrator would."""

    def __init__(self, slots: int, *, bootstrap_servers: str, topic: str, folder: Path) -> None:
        self.effects = folder / "effects.log"
        self._folder = folder
        self._arguments = ["--bootstrap-servers", bootstrap_servers, "--topic", topic]
        self._slots = slots
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._closing = False
        # How workers ended without being told to, which a restart mends but a run reports.
        self.unasked_ends: list[int] = []
        self._told: set[int] = set()

    async def start(self) -> None:
        """Start every slot."""
        for slot in range(self._slots):
            self._processes[slot] = await self._launch(slot)
            self._keepers.append(asyncio.create_task(self._keep(slot)))

    def kill(self, slot: int) -> None:
        """As a crash or the OOM killer would."""
        self._tell(slot, signal.SIGKILL)

    def terminate(self, slot: int) -> None:
        """As a deployment would: it drains, and its successor starts."""
        self._tell(slot, signal.SIGTERM)

    async def stop(self) -> list[int]:
        """Terminate every slot and return the exit statuses, -9 of one that had to be killed.

        Who has just ended unasked is replaced first, as at any other time: every slot has to end in order.
        """
        while any(process.returncode is not None for process in self._processes.values()):
            await asyncio.sleep(_REPLACEMENT_SECONDS)
        self._closing = True
        for slot in self._processes:
            self.terminate(slot)
        ends = [asyncio.create_task(process.wait()) for process in self._processes.values()]
        await asyncio.wait(ends, timeout=_TERMINATION_SECONDS)
        await self.abandon()
        return [await end for end in ends]

    async def abandon(self) -> None:
        """Kill whatever still runs."""
        self._closing = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()

    def logs(self) -> str:
        """The end of each slot's log."""
        return "\n".join(
            f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-25:])
            for log in sorted(self._folder.glob("slot-*.log"))
        )

    def _tell(self, slot: int, number: signal.Signals) -> None:
        process = self._processes[slot]
        if process.returncode is None:
            self._told.add(process.pid)
            process.send_signal(number)

    async def _keep(self, slot: int) -> None:
        while True:
            process = self._processes[slot]
            status = await process.wait()
            if process.pid not in self._told:
                self.unasked_ends.append(status)
            if self._closing:
                return
            self._processes[slot] = await self._launch(slot)

    async def _launch(self, slot: int) -> asyncio.subprocess.Process:
        with (self._folder / f"slot-{slot}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.chaos.worker", *self._arguments),
                *("--slot", str(slot), "--effects", str(self.effects)),
                stdout=log,
                stderr=log,
                cwd=_ROOT,
            )
