"""From bytes to text: which charset a document is really in, whatever it claims."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from aggregator.read.decoding.binary import refuse_binary, refuse_controls
from aggregator.read.decoding.guess import SAMPLE, guess, likeness
from aggregator.read.decoding.korean_bytes import mended_korean
from aggregator.read.decoding.mixed import (
    is_mixed,
    once_encoded,
    with_korean_pieces,
    with_utf8_pieces,
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: its little-endian mark begins like the shorter one."""

_KOREAN = frozenset(
    {
        "euckr", "ksc56011987", "ksc56011989", "ksc5601", "ksc", "ksx1001", "ksx10011992", "korean",
        "csksc56011987", "cseuckr", "isoir149", "windows949", "xwindows949", "cp949", "ms949",
        "xms949", "949", "uhc", "xuhc", "xcp949", "xeuckr", "ibm949", "xibm949", "mskorean",
    }
)  # fmt: skip
"""Names of the EUC-KR family, punctuation left out. All are read as CP949: its superset is what
servers really send under these names, and one syllable outside KS X 1001 breaks the narrow reading.
"""

_ALSO_CALLED = {
    "xsjis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "windows31j": "cp932", "ms932": "cp932",
    "xgbk": "gb18030", "gb231280": "gb18030", "csgb2312": "gb18030", "xeuccn": "gb18030",
    "xxbig5": "cp950", "cnbig5": "cp950", "big5eten": "cp950", "windows950": "cp950",
    "windows874": "cp874", "dos874": "cp874", "iso88598i": "iso8859-8", "xeucjp": "euc_jp",
    "xmacroman": "mac-roman", "xmaccyrillic": "mac-cyrillic", "mac": "mac-roman", "csmacintosh": "mac-roman", "msansi": "cp1252",
    "msee": "cp1250", "mscyrl": "cp1251", "msgreek": "cp1253", "msturk": "cp1254",
    "mshebr": "cp1255", "msarab": "cp1256", "winbaltrim": "cp1257", "unicode11utf8": "utf-8", "xutf8": "utf-8",
    "xjohab": "johab", "ksc56011992": "johab", "ksc5601johab": "johab", "xwindows1361": "johab", "windows1361": "johab",
}  # fmt: skip
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "cp950",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "iso2022_jp": "iso2022_jp_2",
}
"""What browsers read under a name (WHATWG Encoding, section 4.2): the wider charset that includes it."""

_ALLOWED = frozenset(
    {
        "utf-8", "cp949", "cp950", "johab", "iso2022_kr", "iso2022_jp_2", "cp932", "euc_jp",
        "gb18030", "big5hkscs", "koi8-r", "koi8-u", "koi8-t", "cp437", "cp737", "cp775", "cp874",
        "cp1125",
    }
)  # fmt: skip
"""Python's names of further charsets a feed may claim, besides ISO 8859 and windows code pages, those
of DOS and of the old Mac.
UTF-16 and UTF-32 are told from the bytes alone; codecs that are no charsets stay out."""

_ALLOWED_FAMILY = re.compile(r"iso8859-\d{1,2}|cp125\d|cp8[56]\d|mac-\w{1,12}")
_MAINFRAME = re.compile(r"cp(?:037|273|424|500|875|1026|1140)")
_MAINFRAME_HEAD = "<?xml".encode("cp037")

_SHOWN = re.compile(r"cp(125\d)")
_WESTERN = frozenset({"iso8859-15", "cp1252"})
"""What servers claim by default; any bytes pass as these, so passing proves nothing."""

_ESCAPED = frozenset({"iso2022_kr", "iso2022_jp_2"})
"""Charsets that are written in ASCII bytes."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")
_MARKS_AND_BLANKS = b"\xef\xbb\xbf\r\n\t "
_DECLARATION = re.compile(
    rb"""\A<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']\s{0,9}([A-Za-z0-9_.:+-]{1,40})""",
    re.IGNORECASE,
)
_HEAD = 600
_SHORT_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONG_SEQUENCE = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")
_SHORT_SEQUENCE = re.compile(rb"(?<![\xe1-\xf4])[\xc3-\xdf][\x80-\xbf](?![\x80-\xbf])")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_SHORT_CHARACTER = re.compile("[\x80-\u07ff]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_BROKEN = "\ufffd"
_BROKEN_RUN = re.compile("\ufffd{2,4}")

_SURE = 0.7
"""The likeness from which on a text is taken for another charset than one that fits it as well."""

_EAST_ASIAN = frozenset({"cp949", "cp950", "gb18030", "cp932", "euc_jp"})
_PLAIN = 0.75
"""The likeness of a text about whose charset there is no question."""

_LEAST_LIKE = 0.25
_LEAST_CHARACTERS = 4
_CLAIM = 0.3
"""What a claim weighs where no charset fits whole."""


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

    ``header`` is the charset parameter of Content-Type or "" (a media type alone says nothing:
    RFC 7303 section 3 has taken back that ``text/xml`` means US-ASCII), ``override`` the operator's
    word, which wins over everything else. The order is: byte order mark, the pattern of UTF-16 and
    UTF-32, UTF-8 where the bytes are it, what header and declaration claim where it fits, and last
    what the text looks like. A few broken sequences are replaced, each by one U+FFFD, and never
    turn the document into another charset.

    Raises Undecodable for images, archives and other bytes that are no text.
    """
    declared = _declared(body)
    claimed = (header.strip() or declared).lower()
    warnings: list[str] = []
    if override is not None and (name := codec_name(override)) is not None:
        return _decoded(body, name, claimed, warnings)
    refuse_binary(body)
    if (wide := _marked(body) or _by_nulls(body)) is not None:
        return _decoded(body[: len(body) & ~1], wide, claimed, warnings)
    if body.startswith(_MAINFRAME_HEAD):
        return _mainframe(body, warnings)
    refuse_controls(body)
    names = _claims(header, declared, warnings)
    while body.lstrip(b"\r\n\t ").startswith((codecs.BOM_UTF8, *_SHORT_MARKS)):
        body = _without_mark(body.lstrip(b"\r\n\t "), warnings)
    name = _best(body, names)
    if claimed and codec_name(claimed) not in {None, name} and not body.isascii():
        warnings.append("charset-mismatch")
    return _decoded(body, name, claimed, warnings)


def codec_name(claim: str) -> str | None:
    """Python's name for a charset that a feed may claim, as wide as it is read: the EUC-KR family
    as ``cp949``, ``gb2312`` as ``gb18030``, ``iso-8859-1`` as ``cp1252``. None for what is unknown
    or no charset of texts."""
    claim = re.split(r"[;,\s]", claim.strip().strip("\"'"), maxsplit=1)[0].strip("\"'")
    if not _NAME.fullmatch(claim):
        return None
    plain = re.sub(r"[^a-z0-9]", "", claim.lower())
    if plain in _KOREAN:
        return "cp949"
    try:
        name = _ALSO_CALLED.get(plain) or codecs.lookup(claim).name
    except (LookupError, ValueError):
        return None
    name = "utf-8" if name == "utf-8-sig" else _SUPERSETS.get(name, name)
    return name if name in _ALLOWED or _ALLOWED_FAMILY.fullmatch(name) else None


def _declared(body: bytes) -> str:
    match = _DECLARATION.match(body[:_HEAD].lstrip(_MARKS_AND_BLANKS))
    return match.group(1).decode("ascii") if match else ""


def _marked(body: bytes) -> str | None:
    """The wide charset that a byte order mark announces; None where what follows is not in it."""
    for mark, name in _BOMS[1:]:
        if body.startswith(mark):
            # Some server put the mark before a text of single bytes.
            return name if b"\0" in body[len(mark) : _HEAD] or len(body) == len(mark) else None
    return None


def _by_nulls(body: bytes) -> str | None:
    """UTF-16 and UTF-32 by where the zero bytes of markup lie, with blank lines before it or not."""
    head = body[:_HEAD]
    quarter = len(head) // 4
    zeros = [head[: quarter * 4][at::4].count(0) for at in range(4)]
    if not quarter or not any(zeros):
        return None
    # No character lies beyond U+10FFFF, so that half of UTF-32 is always zero.
    if zeros[2] + zeros[3] == 2 * quarter and zeros[0] == 0:
        return "utf-32-le"
    if zeros[0] + zeros[1] == 2 * quarter and zeros[3] == 0:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(even, odd) * 5 < quarter * 2 or min(even, odd) * 5 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _mainframe(body: bytes, warnings: list[str]) -> Decoded:
    """A document in EBCDIC: its declaration is written in letters that all kinds of it share (XML 1.0
    appendix F)."""
    declared = _declared(body[:_HEAD].decode("cp037").encode("ascii", "replace"))
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    known = _MAINFRAME.fullmatch(name)
    return _decoded(body, name if known else "cp037", declared.lower(), warnings)


def _without_mark(body: bytes, warnings: list[str]) -> bytes:
    for mark in (codecs.BOM_UTF8, *_SHORT_MARKS):
        if body.startswith(mark):
            body = body[len(mark) :]
            if body.lstrip(b"\r\n\t ").startswith(mark):
                warnings.append("repeated-bom")
            break
    return body


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
    """The charset the bytes are in: the first that fits whole, else what they look like."""
    if body.isascii():
        return next((name for name in claims if name in _ESCAPED), _escaped(body) or "utf-8")
    telling = [name for name in claims if name not in _WESTERN]
    fitting = [name for name in telling if name != "utf-8" and _passes(body, name)]
    if _passes(body, "utf-8"):
        return next((name for name in fitting if _rather(body, name)), "utf-8")
    if len(fitting) > 1:
        return max(fitting, key=lambda name: likeness(body, name).score)
    if fitting:
        return _unless_absurd(body, fitting[0])
    if _is_utf8(body) or is_mixed(body):
        return "utf-8"
    return _most_like(body, claims)


def _escaped(body: bytes) -> str:
    if b"\x1b$)C" in body[:SAMPLE]:
        return "iso2022_kr"
    return "iso2022_jp_2" if re.search(rb"\x1b\$[@B]", body[:SAMPLE]) else ""


def _rather(body: bytes, name: str) -> bool:
    """Whether a text that is UTF-8 too is more likely in the charset it claims: a few syllables
    that happen to be sequences of two bytes."""
    if _LONG_SEQUENCE.search(body) or len(_SHORT_SEQUENCE.findall(body)) > _LEAST_CHARACTERS:
        return False
    return likeness(body, name).score >= _SURE


def _unless_absurd(body: bytes, name: str) -> str:
    """The claimed charset, in which the bytes can be read, unless that makes noise of a text that
    is plainly another one: what is written in CP949 is also some Chinese."""
    if name not in _EAST_ASIAN:
        return name
    needed = max(_PLAIN, likeness(body, name).score + _CLAIM)
    if needed > 1:
        # No text is that much like any charset; to guess is to try them all.
        return name
    found = guess(body)
    is_other = found.score >= needed
    is_long = found.characters >= 2 * _LEAST_CHARACTERS
    return found.name if found.name in _EAST_ASIAN and is_other and is_long else name


def _most_like(body: bytes, claims: list[str]) -> str:
    """What bytes look like that no claim fits; a claim that breaks in few places weighs more."""
    found = guess(body)
    western = next((name for name in claims if name in _WESTERN), None)
    if western is not None:
        sure = found.score >= _SURE and (
            found.characters >= _LEAST_CHARACTERS or (found.name, found.score) == ("cp949", 1.0)
        )
        return found.name if sure else western
    for name in claims:
        if name != "utf-8" and likeness(body, name).score + _CLAIM >= found.score:
            return name
    return found.name if found.score >= _LEAST_LIKE else "cp1252"


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, perhaps with broken places: more characters that fit than places
    that do not, those of two bytes counted half. Other charsets hit on them by chance only."""
    if _passes(body, "utf-8"):
        return True
    text = _SURROGATES.sub(_joined, body).decode("utf-8", "replace")
    broken = text.count(_BROKEN)
    high = len(_NOT_ASCII.findall(text)) - broken
    short = len(_SHORT_CHARACTER.findall(text))
    return 2 * high - short > broken


def _passes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeDecodeError, ValueError):
        return False
    return True


def _strip_boms(text: str, warnings: list[str]) -> str:
    stripped = text.lstrip("\ufeff\r\n\t ")
    if text[: len(text) - len(stripped)].count("\ufeff") > 1:
        warnings.append("repeated-bom")
    return stripped


def _decoded(body: bytes, name: str, claimed: str, warnings: list[str]) -> Decoded:
    plain = _text(body, name)
    text = once_encoded(plain) if name == "utf-8" else plain
    is_one = _BROKEN in text or _passes(body, name) or _SURROGATES.search(body)
    if text != plain or not is_one:
        warnings.append("charset-mismatch")
    text = _strip_boms(text, warnings)
    if _BROKEN in text:
        warnings.append("broken-characters")
    return Decoded(
        text=text,
        encoding=_SHOWN.sub(r"windows-\1", name),
        claimed=claimed,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _text(body: bytes, name: str) -> str:
    """The bytes read in ``name``, pieces that are plainly Korean in another charset in theirs; each
    broken place is one U+FFFD."""
    if name == "cp949":
        return with_utf8_pieces(body, _korean_text)
    if _passes(body, name):
        return body.decode(name)
    if name == "utf-8":
        # Emoji that an old database split into the halves of UTF-16.
        return with_korean_pieces(_SURROGATES.sub(_joined, body), _utf8_text)
    return _BROKEN_RUN.sub(_BROKEN, body.decode(name, "replace"))


def _utf8_text(body: bytes) -> str:
    return _BROKEN_RUN.sub(_BROKEN, body.decode("utf-8", "replace"))


def _korean_text(body: bytes) -> str:
    return body.decode("cp949") if _passes(body, "cp949") else mended_korean(body)


def _joined(match: re.Match[bytes]) -> bytes:
    halves = match.group().decode("utf-8", "surrogatepass")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16").encode()
