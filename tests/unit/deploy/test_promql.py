"""The small reading of PromQL that the observability tests rest on."""

import pytest

from tests.integration.observability.promql import Selector, selectors, unfiltered


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("up", {Selector("up", frozenset())}),
        ('up{job="a", part_of=~"b|c"} == 0', {Selector("up", frozenset({"job", "part_of"}))}),
        (
            'sum by (job, x) (rate(calls_total{code!="OK"}[5m]))',
            {Selector("calls_total", frozenset({"code"}))},
        ),
        (
            "a:b:rate5m > bool 30 and c[1h:] offset 5m",
            {Selector("a:b:rate5m", frozenset()), Selector("c", frozenset())},
        ),
        ("histogram_quantile(0.99, sum by (le) (rate(h_bucket[15s])))", {Selector("h_bucket", frozenset())}),
    ],
)
def test_selectors(expr: str, expected: set[Selector]) -> None:
    assert selectors(expr) == expected


def test_comparisons_answer_instead_of_filtering() -> None:
    assert unfiltered('up{job!="a"} == 0 and x > 14.4 * 0.01') == (
        'up{job!="a"} == bool 0 and x > bool 14.4 * 0.01'
    )
    assert unfiltered("x > bool 1") == "x > bool 1"
