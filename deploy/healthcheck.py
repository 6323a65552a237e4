"""The image's HEALTHCHECK: exit status 0 where the service says SERVING over gRPC health.

Asks the plaintext health address, so that it needs neither a certificate nor an API key.
"""

import os
import sys
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

_VARIABLE = "PALISADE_GRPC__HEALTH_ADDRESS"
_TIMEOUT_SECONDS = 4.0


def main() -> int:
    """Say on stderr what is wrong; the exit status says whether something is."""
    address = os.environ.get(_VARIABLE, "")
    if not address:
        print(f"{_VARIABLE} is not set", file=sys.stderr)
        return 1
    # An address to listen on everywhere is reached on this machine.
    target = address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - compared, not bound
    with grpc.insecure_channel(target) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=_TIMEOUT_SECONDS)
        except grpc.RpcError as error:
            print(f"{target}: {error}", file=sys.stderr)
            return 1
    return 0 if answer.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main())
