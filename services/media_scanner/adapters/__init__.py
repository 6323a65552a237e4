"""What stands outside: the C2PA SDK, threads, pixels."""
