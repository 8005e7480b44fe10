"""Documents that are not in one charset: pieces copied as bytes, or encoded a second time."""

from __future__ import annotations

import re
from collections.abc import Callable

from aggregator.read.decoding.guess import common_syllables

_PIECE = re.compile(rb"[^<>]+")
_HANGUL_IN_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_LEAST_SYLLABLES = 2
_MOST_OTHERS = 0.2

_OF_WINDOWS = {
    character: code
    for code in range(0x80, 0xA0)
    if (character := bytes([code]).decode("cp1252", "ignore"))
}
_HIGH = "".join(map(re.escape, _OF_WINDOWS)) + "\x80-\xbf"
_SYLLABLES_TWICE = re.compile(f"(?:[ê-í][{_HIGH}]{{2}}){{2}}")
_TWICE = re.compile(f"[Ã-ï][{_HIGH}]{{2}}|Â[\xa0-\xbf]")
_BEYOND = re.compile(f"[^\x00-\xff{''.join(map(re.escape, _OF_WINDOWS))}]")
_LATIN = re.compile("[^\x00-\x7f]+")
_LEAST_LATIN = 8


def with_korean_pieces(body: bytes, plain: Callable[[bytes], str]) -> str:
    """A UTF-8 document in which the texts between two tags that are plainly CP949 are read so; all
    else as ``plain`` reads it. An aggregating board copies entries of older boards as they are."""
    return _in_pieces(body, plain, _korean)


def with_utf8_pieces(body: bytes, plain: Callable[[bytes], str]) -> str:
    """The same the other way round: UTF-8 texts in a CP949 document."""
    if not _HANGUL_IN_UTF8.search(body):
        return plain(body)
    return _in_pieces(body, plain, _utf8)


def is_mixed(body: bytes) -> bool:
    """Whether each text between two tags is plainly Korean, in UTF-8 or in CP949, and both occur."""
    if not _HANGUL_IN_UTF8.search(body):
        return False
    pieces = [piece for piece in _PIECE.findall(body) if not piece.isascii()]
    in_utf8 = [_utf8(piece) is not None for piece in pieces]
    return any(in_utf8) and all(
        known or _korean(piece) is not None for known, piece in zip(in_utf8, pieces, strict=True)
    )


def once_encoded(text: str) -> str:
    """A text without the second encoding of Korean in UTF-8 that was taken for Latin-1 or
    windows-1252 on the way (``ì„œìš¸``), or of CP949 that was (``±¹Åä``) where the whole text is;
    any other as it is."""
    if _SYLLABLES_TWICE.search(text):
        return _TWICE.sub(_once, text)
    if _BEYOND.search(text) or sum(map(len, _LATIN.findall(text))) < _LEAST_LATIN:
        return text
    return _korean(_bytes(text)) or text


def _in_pieces(
    body: bytes, plain: Callable[[bytes], str], other: Callable[[bytes], str | None]
) -> str:
    parts: list[str] = []
    done = 0
    for match in _PIECE.finditer(body):
        piece = match.group()
        if not piece.isascii() and (read := other(piece)) is not None:
            parts += (plain(body[done : match.start()]), read)
            done = match.end()
    return "".join((*parts, plain(body[done:])))


def _korean(piece: bytes) -> str | None:
    """The piece as CP949, where it is not UTF-8 and nearly all of it are common syllables."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    return _plainly(piece, "cp949")


def _utf8(piece: bytes) -> str | None:
    return _plainly(piece, "utf-8") if _HANGUL_IN_UTF8.search(piece) else None


def _plainly(piece: bytes, name: str) -> str | None:
    try:
        text = piece.decode(name)
    except UnicodeDecodeError:
        return None
    common = common_syllables(text)
    others = len(_NOT_ASCII.findall(text)) - common
    return text if common >= _LEAST_SYLLABLES and others <= common * _MOST_OTHERS else None


def _once(match: re.Match[str]) -> str:
    try:
        return _bytes(match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _bytes(text: str) -> bytes:
    """The bytes that were read as windows-1252 or Latin-1."""
    return bytes(_OF_WINDOWS.get(character, ord(character)) for character in text)
