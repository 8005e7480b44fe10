"""From bytes to text: which charset a document is really in, whatever it claims."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from aggregator.domain.errors import Undecodable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: its little-endian mark begins like the shorter one."""

_NULL_PATTERNS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)

_KOREAN = frozenset(
    {
        "euckr", "ksc56011987", "ksc56011989", "ksc5601", "ksc", "ksx1001", "ksx10011992", "korean",
        "csksc56011987", "cseuckr", "isoir149", "windows949", "xwindows949", "cp949", "ms949",
        "xms949", "949", "uhc", "xuhc", "xcp949", "xeuckr",
    }
)  # fmt: skip
"""Names of the EUC-KR family, punctuation left out. All are read as CP949: its superset is what
servers really send under these names, and one syllable outside KS X 1001 breaks the narrow reading.
"""

_ALLOWED = frozenset(
    {
        "utf-8", "cp949", "johab", "iso2022_kr", "shift_jis", "cp932", "euc_jp", "gb18030", "gbk",
        "gb2312", "big5", "koi8-r", "ascii",
    }
)  # fmt: skip
"""Python's names of further charsets a feed may claim, besides ISO 8859 and windows code pages.
UTF-16 and UTF-32 are told from the bytes alone; codecs that are no charsets stay out."""

_ALLOWED_FAMILY = re.compile(r"iso8859-\d{1,2}|cp125\d")
CHARSETS = (
    "big5",
    "cp949",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "iso-8859-1",
    "shift_jis",
    "utf-8",
    "windows-1252",
)
"""The charsets that an operator may force, by the names that the configuration knows."""

_WESTERN = frozenset({"iso8859-1", "iso8859-15", "cp1252", "ascii"})
"""What servers claim by default; any bytes pass as these, so passing proves nothing."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")
_DECLARATION = re.compile(
    rb"""\A[\s\x00]{0,200}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']\s{0,9}([A-Za-z0-9_.:+-]{1,40})""",
    re.IGNORECASE,
)
_LONG_SEQUENCE = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")
_HANGUL = re.compile("[가-힣]")
_BROKEN = "\ufffd"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text with the charset it was in.

    ``claimed`` is what header or declaration named, in lower case, or "". ``warnings``:
    ``charset-mismatch`` (in another charset than claimed), ``unknown-charset`` (a claim that names
    none), ``broken-characters`` (sequences replaced by U+FFFD), ``repeated-bom``.
    """

    text: str
    encoding: str
    claimed: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, *, header: str, override: str | None) -> Decoded:
    """The text of a document, byte order marks removed.

    ``header`` is the charset parameter of Content-Type or "", ``override`` the operator's word,
    which wins over everything else. A claim that does not fit the bytes gives way to UTF-8, then to
    CP949; a few broken sequences are replaced and never turn the document into another charset.
    Raises Undecodable for images, archives and other bytes that are no text.
    """
    declared = _declared(body)
    claimed = (header.strip() or declared).lower()
    warnings: list[str] = []
    if override is not None and (name := codec_name(override)) is not None:
        text = _strip_boms(body.decode(name, "replace"), warnings)
        return _decoded(text, name, claimed, warnings)
    _refuse_binary(body)
    for mark, name in _BOMS:
        if body.startswith(mark) and (name != "utf-8" or _is_utf8(body)):
            text = _strip_boms(body.decode(name, "replace"), warnings)
            return _decoded(text, name, claimed, warnings)
    for pattern, name in _NULL_PATTERNS:
        if body.lstrip(b"\r\n\t ").startswith(pattern):
            text = body.decode(name, "replace")
            return _decoded(text, name, claimed, warnings)
    _refuse_controls(body)
    names = _claims(header, declared, warnings)
    if body.startswith(codecs.BOM_UTF8):
        body = body.lstrip(codecs.BOM_UTF8)
    name = _best(body, names)
    text = _strip_boms(body.decode(name, "replace"), warnings)
    if claimed and codec_name(claimed) not in {None, name} and not body.isascii():
        warnings.append("charset-mismatch")
    return _decoded(text, name, claimed, warnings)


def codec_name(claim: str) -> str | None:
    """Python's name for a charset that a feed may claim, the EUC-KR family as ``cp949``; None for
    what is unknown or no charset of texts."""
    claim = claim.strip().strip("\"'")
    if not _NAME.fullmatch(claim):
        return None
    if re.sub(r"[^a-z0-9]", "", claim.lower()) in _KOREAN:
        return "cp949"
    try:
        name = codecs.lookup(claim).name
    except (LookupError, ValueError):
        return None
    if name == "utf-8-sig":
        return "utf-8"
    return name if name in _ALLOWED or _ALLOWED_FAMILY.fullmatch(name) else None


def _declared(body: bytes) -> str:
    head = body[:600].lstrip(codecs.BOM_UTF8)
    match = _DECLARATION.match(head)
    return match.group(1).decode("ascii") if match else ""


def _claims(header: str, declared: str, warnings: list[str]) -> list[str]:
    names: list[str] = []
    for claim in (header, declared):
        if not claim.strip() or claim.strip().lower().startswith(("utf-16", "utf-32")):
            continue
        name = codec_name(claim)
        if name is None:
            warnings.append("unknown-charset")
        elif name not in names:
            names.append(name)
    return names


def _best(body: bytes, claims: list[str]) -> str:
    """The charset the bytes are in: the first that fits whole, else the least broken."""
    if body.isascii():
        return next((name for name in claims if name == "iso2022_kr"), "utf-8")
    if _passes(body, "utf-8") and (
        "cp949" not in claims or _LONG_SEQUENCE.search(body) or not _passes(body, "cp949")
    ):
        return "utf-8"
    telling = [name for name in claims if name not in _WESTERN]
    for name in [*telling, "utf-8"]:
        if _passes(body, name):
            return name
    if _passes(body, "cp949") and _HANGUL.search(body.decode("cp949")):
        return "cp949"
    return "utf-8" if _is_utf8(body) else _least_broken(body, claims, telling)


def _least_broken(body: bytes, claims: list[str], telling: list[str]) -> str:
    western = [name for name in claims if name in _WESTERN]
    candidates = list(dict.fromkeys([*telling, "utf-8", "cp949"]))
    errors = {name: body.decode(name, "replace").count(_BROKEN) for name in candidates}
    best = min(candidates, key=lambda name: errors[name])
    if western and errors[best] * 4 > _high_bytes(body):
        return "cp1252"
    return best


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, perhaps with broken places: more characters of three bytes that
    fit than places that do not. Other charsets hit on such sequences by chance only."""
    if _passes(body, "utf-8"):
        return True
    fits = len(_LONG_SEQUENCE.findall(body))
    return fits > body.decode("utf-8", "replace").count(_BROKEN)


def _passes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeDecodeError, ValueError):
        return False
    return True


def _high_bytes(body: bytes) -> int:
    return len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))


def _strip_boms(text: str, warnings: list[str]) -> str:
    stripped = text.lstrip("\ufeff\r\n\t ")
    if text[: len(text) - len(stripped)].count("\ufeff") > 1:
        warnings.append("repeated-bom")
    return stripped


def _decoded(text: str, name: str, claimed: str, warnings: list[str]) -> Decoded:
    if _BROKEN in text:
        warnings.append("broken-characters")
    return Decoded(
        text=text,
        encoding="windows-1252" if name == "cp1252" else name,
        claimed=claimed,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _refuse_binary(body: bytes) -> None:
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            raise Undecodable(f"the document is {what}; a feed is text (RSS or Atom)")


def _refuse_controls(body: bytes) -> None:
    sample = body[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * _MAX_CONTROLS:
        raise Undecodable(
            f"the document is no text: {controls} of its first {len(sample)} bytes are control"
            " characters; a feed is text (RSS or Atom)"
        )
