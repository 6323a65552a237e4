"""Settings of the prompt filter: `PALISADE_FILTER__…` beside the chassis' own."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from services.chassis.settings import ChassisSettings, Section
from services.prompt_filter.adapters.hugging_face_settings import HuggingFaceSettings

DATA = Path(__file__).parent / "data"
SHIPPED_MODEL = Path(__file__).parents[2] / "models" / "prompt_filter"


class FilterSettings(Section):
    """What prompts are judged by, and the limits they are judged under."""

    policy: Path = DATA / "policy.json"
    # Folder of the trained classifier; empty: rules and lexicon alone, recorded as an absent signal.
    classifier: Path | None = SHIPPED_MODEL
    # Folder with a `<tenant>.json` each: a tenant's own terms, allowances and protected persons.
    tenants: Path | None = None
    tenants_refresh_seconds: float = Field(default=1.0, gt=0)
    # A longer prompt is refused, never cut: what is cut off could hide anything.
    max_characters: int = Field(default=20_000, ge=1, le=200_000)
    max_batch: int = Field(default=1000, ge=1)
    # A classifier from elsewhere, in the place of the shipped one.
    hugging_face: HuggingFaceSettings | None = None

    @field_validator("classifier", "tenants", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


class PromptFilterSettings(ChassisSettings):
    filter: FilterSettings = FilterSettings()
