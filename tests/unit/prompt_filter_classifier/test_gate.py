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


@pytest.mark.parametrize(("all_prose", "prose", "opens"), [(True, 0.1, True), (True, -0.1, False)])
def test_prose_may_pass_unsuspected(all_prose: bool, prose: float, opens: bool) -> None:
    harmless = np.zeros((1, len(OUTPUTS)))
    assert Gate(LEAST, all_prose).opens(harmless, _raw(prose)).tolist() == [opens]
