"""What every container reader yields: text fields with the place they stood in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.chassis.errors import InvalidInputError


class UnreadableError(InvalidInputError):
    """The bytes are not what their first bytes announce."""

    code = "UNREADABLE"


class Place(StrEnum):
    """Where in a file a field stood."""

    TEXT = "text"  # PNG tEXt, zTXt, iTXt
    COMMENT = "comment"  # JPEG COM
    APP = "app"  # a JPEG APP segment of no known kind
    EXIF = "exif"
    XMP = "xmp"
    IIM = "iim"  # IPTC-IIM in a Photoshop resource block
    TRAILER = "trailer"  # after the end of the picture


@dataclass(frozen=True, slots=True)
class Field:
    """One named text. `key` is the PNG keyword, EXIF tag name, `prefix:Name` of XMP or IIM dataset."""

    place: Place
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything textual that a file says.

    Attributes:
        notes: why the reading is incomplete, as short ids (`truncated`, `text_too_large`...).
            With any note, a field that was not found may still exist.
    """

    container: str
    fields: tuple[Field, ...]
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.notes


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds on what one file may make a reader do.

    A text chunk of 1 KB can inflate a thousandfold, and a chunk table can hold millions of
    entries; past a limit the reader leaves a note and goes on.
    """

    text_bytes: int = 4 * 1024 * 1024
    total_text_bytes: int = 16 * 1024 * 1024
    fields: int = 2_000
    # Chunks or segments; a 32 MB file of empty PNG chunks has 2.8 million.
    blocks: int = 100_000
    xml_depth: int = 64
    # Elements and attributes of all packets of a file.
    xml_nodes: int = 200_000


class Collector:
    """Gathers fields and notes of one file within the limits."""

    def __init__(self, limits: ReadLimits) -> None:
        self.limits = limits
        self._fields: list[Field] = []
        self._notes: dict[str, None] = {}
        self._spent = 0
        self.xml_nodes = 0

    def add(self, place: Place, key: str, text: str) -> None:
        """Keep a field, or note that a limit was reached."""
        if len(self._fields) >= self.limits.fields:
            self.note("too_many_fields")
        elif len(text) > self.limits.text_bytes:
            self.note("text_too_large")
        elif self.afford(len(text)):
            self._fields.append(Field(place, key, text))

    def afford(self, size: int) -> bool:
        """Charge work on `size` bytes to the file's total; False, with a note, once that is spent.

        What is read and then thrown away costs as much as what is kept, so readers charge
        before they copy, parse or inflate.
        """
        if self._spent + size > self.limits.total_text_bytes:
            self._spent = self.limits.total_text_bytes
            self.note("too_much_text")
            return False
        self._spent += size
        return True

    def note(self, reason: str) -> None:
        self._notes[reason] = None

    def finish(self, container: str) -> Metadata:
        return Metadata(container, tuple(self._fields), tuple(self._notes))
