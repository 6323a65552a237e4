"""One section of a service's settings, read as the service reads it: `PALISADE_<SECTION>__…`."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError, create_model
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from services.chassis.errors import SettingsError
from services.chassis.settings import PREFIX, ChassisSettings, Section

S = TypeVar("S", bound=Section)


class _OneSection(BaseSettings):
    """Other sections may stand in the same environment or file; here they do not matter."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: Any, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return ChassisSettings.settings_customise_sources(settings_cls, *sources, **named)


def load_section(name: str, kind: type[S], **given: object) -> S:
    """The section by environment and PALISADE_CONFIG, with what the command line gives on top.

    SettingsError names the variable that is amiss.
    """
    field: Any = (kind, kind())
    reader = create_model("CommandSettings", __base__=_OneSection, **{name: field})
    try:
        section: S = getattr(reader(), name)
        return kind.model_validate({**section.model_dump(), **given})
    except ValidationError as error:
        faults = (f"{'__'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"{PREFIX}{name.upper()}: {'; '.join(faults)}") from error
