"""XMP packets as flat `prefix:Name` fields (ISO 16684-1), by a namespace-aware expat parse."""

from __future__ import annotations

from xml.parsers import expat

from services.media_scanner.containers.fields import Collector, Place

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
}

# Properties that can say anything of origin, in lower case. Edit histories hold tens of thousands of others.
_WANTED = frozenset(
    {
        "usercomment",
        "creatortool",
        "description",
        "credit",
        "digitalsourcetype",
        "aisystemused",
        "aisystemversionused",
        "aipromptinformation",
        "aipromptwritername",
        "aigc",
    }
)


def read_xmp(packet: bytes, out: Collector) -> None:
    """Add the properties that matter; a malformed, too deep or too long packet leaves a note.

    Document types are refused, so no entity can be declared, expanded or fetched.
    """
    if len(packet) > out.limits.text_bytes:
        out.note("text_too_large")
        return
    if out.xml_nodes > out.limits.xml_nodes or not out.afford(len(packet)):
        return
    reader = _Reader(out)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(packet.strip(b"\x00"), True)
    except (expat.ExpatError, _RefusedError):
        out.note("malformed_xmp")


class _RefusedError(Exception):
    """The packet asks for more than metadata needs."""


class _Reader:
    """Turns the events of one parse into fields: property elements, attributes and their text."""

    def __init__(self, out: Collector) -> None:
        self._out = out
        self._names: list[str | None] = []
        self._text: list[str] = []

    def doctype(self, *_: object) -> None:
        raise _RefusedError

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._out.xml_nodes += 1 + len(attributes)
        too_many = self._out.xml_nodes > self._out.limits.xml_nodes
        if too_many or len(self._names) >= self._out.limits.xml_depth:
            raise _RefusedError
        self._names.append(_key(name))
        self._text.clear()
        for attribute, value in attributes.items():
            key = self._property() if attribute == f"{_RDF} resource" else _key(attribute)
            self._add(key, value)

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, _name: str) -> None:
        text = "".join(self._text).strip()
        if text:
            self._add(self._property(), text)
        self._text.clear()
        self._names.pop()

    def _add(self, key: str | None, text: str) -> None:
        if key is not None and key.rpartition(":")[2].lower() in _WANTED:
            self._out.add(Place.XMP, key, text)

    def _property(self) -> str | None:
        """The nearest element that is a property and not RDF's scaffolding (Seq, Alt, li)."""
        return next((name for name in reversed(self._names) if name is not None), None)


def _key(name: str) -> str | None:
    uri, _, local = name.rpartition(" ")
    if uri == _RDF or uri in {"", "adobe:ns:meta/", "http://www.w3.org/XML/1998/namespace"}:
        return None
    return f"{_PREFIXES.get(uri, 'other')}:{local}"
