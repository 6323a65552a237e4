"""Kafka in and out: one strategy that knows no Kafka, two drivers that feed it, one producer."""
