"""The database's errors in the house's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from services.chassis.errors import UnavailableError

# Defects of ours or of the schema: trying again cannot help, so they are not called unavailable.
_LASTING = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)


@contextmanager
def unavailable_where_it_may_pass() -> Iterator[None]:
    """Lost connections, time-outs, a full pool, deadlocks and locked files become UnavailableError."""
    try:
        yield
    except _LASTING:
        raise
    except (exc.DBAPIError, exc.TimeoutError, OSError) as error:
        raise UnavailableError("the enforcement store does not answer", code="STORE_UNAVAILABLE") from error
