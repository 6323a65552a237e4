"""The allow-list: by first bytes only."""

import pytest

from services.imaging.errors import UnsupportedFormatError
from services.imaging.formats import ImageFormat, sniff
from tests.unit.imaging.pictures import FORMATS, drawing, file


@pytest.mark.parametrize("name", FORMATS)
def test_every_allowed_format_is_told_by_its_magic(name: str) -> None:
    assert sniff(file(drawing(32, 32), name)) is ImageFormat[name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF88a",
        b"<svg/>",
        b"%PDF-1.7",
        b"8BPS\0\1",
        b"\0\0\1\0",
        b"RIFF\0\0\0\0WAVE",
        b"P6 1 1 255 ",
        b"\0\0\0\x0cjP  \r\n\x87\n",
        b"\0\0\0\x14ftypisom\0\0\0\0mp41",
        b"\0\0\0\x00ftyp",
        b"\xff\xff\xff\xffftyp",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedFormatError):
        sniff(content)
