"""Addresses of a demo whose ports are whatever is free."""

from __future__ import annotations

from services.demo.system import SERVICES, free_addresses

# Where Linux begins to give ports to clients, unless told otherwise.
_FIRST_OF_CLIENTS = 32_768


def test_free_addresses_differ_and_no_client_is_given_one() -> None:
    addresses = free_addresses()
    assert addresses.grpc.keys() == addresses.metrics.keys() == set(SERVICES)
    ports = [
        int(one.rpartition(":")[2]) for its in (addresses.grpc, addresses.metrics) for one in its.values()
    ]
    assert len(set(ports)) == 2 * len(SERVICES)
    assert max(ports) < _FIRST_OF_CLIENTS
