"""The Go module that pins the API server and etcd, and how they are built."""
