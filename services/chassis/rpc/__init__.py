"""gRPC in: the server, its interceptors, uploads and health."""
