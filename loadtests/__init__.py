"""Load tests: throughput per CPU second and latency, each beside a control measured in the same run."""
