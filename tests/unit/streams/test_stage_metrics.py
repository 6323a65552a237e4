"""Observations that were counted apart arrive as if each had been made."""

from prometheus_client import CollectorRegistry, Histogram

from services.chassis.streams.stage_metrics import Tally


def test_a_tally_flushes_what_the_histogram_would_have_observed() -> None:
    told, tallied = (
        Histogram("h", "h", buckets=(0.1, 1, 10), registry=CollectorRegistry()) for _ in range(2)
    )
    tally = Tally(tallied)
    for values in ((0.0, 0.1, 0.10001, 5.0), (10.0, 11.0, 1.0)):
        for value in values:
            told.observe(value)
            tally.observe(value)
        tally.flush()
    tally.flush()
    expected, actual = (
        [
            (sample.name, sample.labels, sample.value)
            for sample in next(iter(h.collect())).samples
            if not sample.name.endswith("_created")
        ]
        for h in (told, tallied)
    )
    assert actual == expected
