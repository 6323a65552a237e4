"""IPTC-IIM datasets in Photoshop image resources (IIM 4.2, Photoshop file format)."""

from __future__ import annotations

from services.media_scanner.containers.fields import Collector, Place
from services.media_scanner.containers.text import decode

_IIM_RESOURCE = 0x0404
_MAX_RESOURCES = 1_000
_DATASETS = {
    25: "Keywords",
    65: "OriginatingProgram",
    80: "By-line",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    120: "Caption",
}


def read_photoshop(block: bytes, out: Collector) -> None:
    """Walk `8BIM` resources; the IIM one is read, the others are passed over."""
    at, resources = 0, 0
    while at + 12 <= len(block):
        resources += 1
        if block[at : at + 4] != b"8BIM" or resources > _MAX_RESOURCES:
            out.note("malformed_photoshop")
            return
        resource = int.from_bytes(block[at + 4 : at + 6], "big")
        # A Pascal string, padded to an even length with its length byte.
        at += 6 + (block[at + 6] + 2) // 2 * 2
        size = int.from_bytes(block[at : at + 4], "big")
        if resource == _IIM_RESOURCE:
            _datasets(block[at + 4 : at + 4 + size], out)
        at += 4 + size + size % 2


def _datasets(block: bytes, out: Collector) -> None:
    """Records 2:xx; extended lengths (over 32 KB) are longer than any name we look for and end the walk."""
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        record, dataset = block[at + 1], block[at + 2]
        size = int.from_bytes(block[at + 3 : at + 5], "big")
        if size & 0x8000:
            out.note("iim_extended_dataset")
            return
        if record == 2 and dataset in _DATASETS:
            out.add(Place.IIM, _DATASETS[dataset], decode(block[at + 5 : at + 5 + size]))
        at += 5 + size
