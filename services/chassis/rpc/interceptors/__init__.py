"""One concern a file. Order: request id, deadline, authentication, concurrency, metrics, errors."""
