from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.gate import Gate
from services.prompt_filter.classifier.heads import HEADS, OUTPUTS, PROSE

LEAST = np.linspace(0.1, 0.6, len(OUTPUTS))


def _raw(prose: float) -> np.ndarray:
    return np.where(np.array(HEADS) == PROSE, prose, -1.0)[np.newaxis]


@pytest.mark.parametrize("column", range(len(OUTPUTS)))
def test_one_output_at_its_least_is_enough(column: int) -> None:
    scores = LEAST - 0.01
    gate = Gate(LEAST)
    assert not gate.opens(scores[np.newaxis], _raw(1.0)).any()
    scores[column] = LEAST[column]
    assert gate.opens(scores[np.newaxis], _raw(1.0)).all()


@pytest.mark.parametrize(
    ("of_prose", "prose", "opens"), [(LEAST / 2, 0.1, True), (LEAST / 2, -0.1, False), (None, 0.1, False)]
)
def test_prose_may_have_a_gate_of_its_own(of_prose: np.ndarray | None, prose: float, opens: bool) -> None:
    scores = LEAST[np.newaxis] / 2
    assert Gate(LEAST, of_prose).opens(scores, _raw(prose)).tolist() == [opens]


def test_prose_below_its_gate_stays_closed() -> None:
    assert not Gate(LEAST, LEAST / 2).opens(LEAST[np.newaxis] / 3, _raw(1.0)).any()
