"""What editors append after the end of a JPEG."""

from __future__ import annotations

from services.media_scanner.containers.fields import Collector, Place

_SAMSUNG = b"PhotoEditor_Re_Edit_Data"
_SAMSUNG_BYTES = 64 * 1024
# It stands twice in a file that Samsung wrote: before its data, and in the directory at the end.
_MAX_PLACES = 4


def read_trailer(trailer: bytes, out: Collector) -> None:
    """Samsung's edit record; a JPEG that follows the first picture is not read again."""
    at = trailer.rfind(_SAMSUNG)
    for _ in range(_MAX_PLACES):
        if at < 0:
            return
        following = trailer[at + len(_SAMSUNG) : at + len(_SAMSUNG) + _SAMSUNG_BYTES]
        if following.lstrip(b"\x00").startswith(b"{"):
            out.add(Place.TRAILER, _SAMSUNG.decode(), following.decode("latin-1"))
            return
        at = trailer.rfind(_SAMSUNG, 0, at)
