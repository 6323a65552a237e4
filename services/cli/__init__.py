"""The `palisade` command: every service from a shell, in this process or over gRPC."""
