"""From views to tensors, and from boxes back to views."""

import numpy as np
import pytest

from services.chassis.signals import Box
from services.image_classifier.contract import InputSpec, Resize
from services.image_classifier.preprocess import prepare


def ramp(width: int, height: int) -> np.ndarray:
    x = np.linspace(0, 255, width)
    return np.stack([np.tile(x, (height, 1))] * 3, -1).astype(np.uint8)


def test_layout_channels_and_normalisation() -> None:
    rgb = np.empty((20, 20, 3), np.uint8)
    rgb[:] = (255, 51, 0)
    spec = InputSpec(width=8, height=8, mean=(0.5, 0.2, 0.0), std=(0.5, 0.1, 2.0))
    tensor = prepare(rgb, spec).tensor
    assert tensor.shape == (1, 3, 8, 8)
    assert tensor.dtype == np.float32
    assert tensor[0, :, 4, 4] == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    swapped = InputSpec(width=8, height=8, channels="BGR", layout="NHWC", full_scale=255)
    assert prepare(rgb, swapped).tensor.shape == (1, 8, 8, 3)
    assert prepare(rgb, swapped).tensor[0, 4, 4] == pytest.approx([0, 51, 255])


@pytest.mark.parametrize("resize", list(Resize))
def test_a_box_comes_back_to_where_it_was(resize: Resize) -> None:
    spec = InputSpec(width=32, height=32, resize=resize)
    placement = prepare(ramp(64, 128), spec).placement
    # The middle of the view, as its placement puts it on the input.
    x, y = placement.left + placement.width / 2, placement.top + placement.height / 2
    assert placement.box(x, y, x, y) == Box(0.5, 0.5, 0.5, 0.5)


def test_padding_keeps_the_shape_and_fills_with_black() -> None:
    white = np.full((10, 40, 3), 255, np.uint8)
    prepared = prepare(white, InputSpec(width=40, height=40, resize="pad"))
    assert prepared.tensor[0, 0, :10].min() == 1.0
    assert prepared.tensor[0, 0, 10:].max() == 0.0
    assert prepared.placement.box(0, 0, 40, 40) == Box(0, 0, 1, 1)


def test_cropping_takes_the_middle() -> None:
    prepared = prepare(ramp(300, 100), InputSpec(width=20, height=20, resize="crop"))
    row = prepared.tensor[0, 0, 10]
    assert row[0] == pytest.approx(1 / 3, abs=0.03)
    assert row[-1] == pytest.approx(2 / 3, abs=0.03)


def test_enlarged_cropping_takes_less_of_the_middle() -> None:
    spec = InputSpec(width=20, height=20, resize="crop", enlarge=2.0)
    row = prepare(ramp(300, 100), spec).tensor[0, 0, 10]
    assert row[0] == pytest.approx(5 / 12, abs=0.03)
    assert row[-1] == pytest.approx(7 / 12, abs=0.03)
