"""A model in memory: a category's score is the mean of a colour."""

from collections.abc import Sequence
from pathlib import Path

from services.image_classifier.answers import Finding, ModelAnswer, strongest
from services.image_classifier.contract import InputSpec, ModelContract, OutputSpec
from services.image_classifier.ports import ModelError
from services.imaging.decode import View

COLOURS = ("red", "green", "blue")


class ColourModel:
    """See ImageModel. With `failing` it never answers."""

    def __init__(self, name: str = "colours", *, failing: bool = False) -> None:
        self.contract = ModelContract(
            name=name,
            version="1",
            file=Path("none"),
            sha256="0" * 64,
            licence="CC0-1.0",
            training_data="none",
            input=InputSpec(width=8, height=8),
            output=OutputSpec(labels=COLOURS),
            categories={"red": ("graphic_violence",), "green": (), "blue": ("sexual", "nonconsensual")},
        )
        self._failing = failing

    def answer(self, views: Sequence[View]) -> ModelAnswer:
        if self._failing:
            raise ModelError("Broken")
        return strongest(self.contract, [self._findings(view) for view in views])

    def _findings(self, view: View) -> list[Finding]:
        means = view.rgb.mean(axis=(0, 1)) / 255
        return [
            Finding(category, float(mean))
            for colour, mean in zip(COLOURS, means, strict=True)
            for category in self.contract.categories[colour]
        ]
