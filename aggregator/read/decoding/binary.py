"""Bodies that are no text at all."""

from __future__ import annotations

from aggregator.domain.errors import Undecodable

_SIGNATURES = (
    (b"\x1f\x8b", "gzip data that was not unpacked"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or office file"),
    (b"\xd0\xcf\x11\xe0", "an office file (HWP, DOC)"),
    (b"BZh", "bzip2 data"),
    (b"\x28\xb5\x2f\xfd", "zstd data that was not unpacked"),
    (b"\xfd7zXZ", "xz data"),
)
_SAMPLE = 4096
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x0e\x0f\x1b"))
_MAX_CONTROLS = 0.05


def refuse_binary(body: bytes) -> None:
    """Raise Undecodable for images, archives and office files."""
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            raise Undecodable(f"the document is {what}; a feed is text (RSS, Atom or JSON)")


def refuse_controls(body: bytes) -> None:
    """Raise Undecodable where the beginning holds more control characters than any text."""
    sample = body[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * _MAX_CONTROLS:
        raise Undecodable(
            f"the document is no text: {controls} of its first {len(sample)} bytes are control"
            " characters; a feed is text (RSS, Atom or JSON)"
        )
