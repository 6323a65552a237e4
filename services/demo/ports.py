"""Free TCP ports that stay free until a server listens, and while it is down."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack

# Below the range from which the kernel gives ports to clients: a client must not take, or connect to
# itself on, the port of a server that is not up yet, or of a broker that was killed and will come back.
_LOWEST, _HIGHEST = 12_000, 30_000


def free_ports(count: int) -> list[int]:
    """Return `count` distinct ports of 127.0.0.1 that nobody has bound."""
    draw = random.SystemRandom()
    with ExitStack() as held:
        ports: list[int] = []
        while len(ports) < count:
            candidate = held.enter_context(socket.socket())
            port = draw.randint(_LOWEST, _HIGHEST)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            ports.append(port)
        return ports
