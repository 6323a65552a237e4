"""The manifests of k8s/, rendered and given to a real API server."""
