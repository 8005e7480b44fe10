"""Content codings undone piece by piece, so that no bomb unfolds: gzip, deflate, br and zstd.

The only importer of the libraries for br and zstd.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zlib import _Decompress as Inflater

    from backports.zstd import ZstdDecompressor

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
STEP = 64 * 1024
"""Bytes that one step of a decoder may bring at most."""

_PLAIN = frozenset({"", "identity"})
_OTHER_NAMES = {"x-gzip": "gzip"}
_MOST_CODINGS = 3
_MOST_PARTS = 1000
"""Members of a gzip body or frames of a zstd body; honest ones have one."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
"""Lets zlib recognise gzip and zlib headers by itself."""

_RAW = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_HEADER = 2
"""Bytes that tell the three forms of deflated data apart."""

_WIDEST_WINDOW = 23
"""Binary logarithm of the largest zstd window, 8 MiB, that a sender may use (RFC 9659)."""

_SHOWN = 40
"""Characters of a foreign word that a message repeats."""


class BadCoding(Exception):
    """The body is not in the coding that its header claims, or that coding is unknown."""


class Decoder(Protocol):
    """Undoes one coding."""

    @property
    def is_whole(self) -> bool:
        """Whether the coded data has come to its end."""
        ...

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What ``chunk`` adds, in pieces of at most ``STEP`` bytes. Raises BadCoding."""
        ...


def codings(header: str) -> tuple[str, ...]:
    """The codings of a Content-Encoding header in the order they were applied, none for a plain
    body. Raises BadCoding for one that is unknown, or for too many."""
    words = (word.strip().lower() for word in header.split(","))
    found = tuple(_OTHER_NAMES.get(word, word) for word in words if word not in _PLAIN)
    for word in found:
        if word not in _DECODERS:
            raise BadCoding(f"unknown content coding {word[:_SHOWN]!r}")
    if len(found) > _MOST_CODINGS:
        raise BadCoding(f"more than {_MOST_CODINGS} content codings, one upon the other")
    return found


def decoder(coding: str) -> Decoder:
    """What undoes a coding that ``codings`` has named."""
    return _DECODERS[coding]()


class _Zlib:
    """gzip and zlib data, and what some servers send as "deflate": the same without its header
    (RFC 9110 section 8.4.1.2)."""

    def __init__(self, *, may_be_raw: bool) -> None:
        self._may_be_raw = may_be_raw
        self._head = b""
        self._parts = 0
        self._inflater: Inflater | None = None

    @property
    def is_whole(self) -> bool:
        return self._inflater is not None and self._inflater.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._inflater is None or self._inflater.eof:
                self._head += chunk
                if not self._begin():
                    return
                chunk, self._head = self._head, b""
            yield from self._inflate(chunk)
            chunk = self._inflater.unused_data if self._inflater else b""

    def _begin(self) -> bool:
        """Whether the bytes at hand begin (another) part of the data.

        What follows the end of the data and is none is padding, and not worth keeping.
        """
        if len(self._head) < _HEADER:
            return False
        if self._inflater is not None and not self._head.startswith(_GZIP_MAGIC):
            self._head = b""
            return False
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadCoding("the compressed body is in too many parts")
        self._inflater = zlib.decompressobj(self._form())
        return True

    def _form(self) -> int:
        """The window size by which zlib knows the form of the data."""
        head = self._head[:_HEADER]
        is_zlib = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head) % 31 == 0
        if self._may_be_raw and not is_zlib and head != _GZIP_MAGIC:
            return _RAW
        return _GZIP_OR_ZLIB

    def _inflate(self, chunk: bytes) -> Iterator[bytes]:
        inflater = self._inflater
        while inflater is not None and chunk and not inflater.eof:
            try:
                piece = inflater.decompress(chunk, STEP)
            except zlib.error as error:
                raise BadCoding("the body is not in its coding") from error
            chunk = inflater.unconsumed_tail
            yield piece
        # A full piece may have left more inside although all input is taken.
        while inflater is not None and not inflater.eof and (piece := self._rest(inflater)):
            yield piece

    def _rest(self, inflater: Inflater) -> bytes:
        try:
            return inflater.decompress(b"", STEP)
        except zlib.error as error:
            raise BadCoding("the body is not in its coding") from error


class _Brotli:
    """Brotli (RFC 7932); its window is 16 MiB at most, and takes only what was written into it."""

    def __init__(self) -> None:
        import brotli  # noqa: PLC0415 - few servers speak it

        self._decoder = brotli.Decompressor()
        self._error = brotli.error

    @property
    def is_whole(self) -> bool:
        return bool(self._decoder.is_finished())

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        more = True
        while more:
            try:
                piece: bytes = self._decoder.process(chunk, output_buffer_limit=STEP)
            except self._error as error:
                raise BadCoding("the body is not in its coding") from error
            # The library's limit is one for beginning another buffer: pieces are cut here.
            yield from (piece[at : at + STEP] for at in range(0, len(piece), STEP))
            chunk = b""
            more = not (self._decoder.is_finished() or self._decoder.can_accept_more_data())


class _Zstd:
    """Zstandard (RFC 8878) in one frame or several."""

    def __init__(self) -> None:
        self._head = b""
        self._parts = 0
        self._decoder: ZstdDecompressor | None = None

    @property
    def is_whole(self) -> bool:
        return self._decoder is not None and self._decoder.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._decoder is None or self._decoder.eof:
                self._head += chunk
                if not self._begin():
                    return
                chunk, self._head = self._head, b""
            yield from self._decode(chunk)
            chunk = self._decoder.unused_data if self._decoder and self._decoder.eof else b""

    def _begin(self) -> bool:
        """Whether the bytes at hand begin (another) frame; what follows the last is padding."""
        if self._decoder is not None and not _ZSTD_MAGIC.startswith(self._head[:4]):
            self._head = b""
            return False
        if len(self._head) < len(_ZSTD_MAGIC):
            return False
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadCoding("the compressed body is in too many parts")
        self._decoder = _zstd_decoder()
        return True

    def _decode(self, chunk: bytes) -> Iterator[bytes]:
        from backports import zstd  # noqa: PLC0415 - few servers speak it

        decoder = self._decoder
        while decoder is not None:
            try:
                piece = decoder.decompress(chunk, STEP)
            except (zstd.ZstdError, EOFError) as error:
                raise BadCoding("the body is not in its coding") from error
            yield piece
            chunk = b""
            if decoder.eof or decoder.needs_input:
                return


def _zstd_decoder() -> ZstdDecompressor:
    from backports import zstd  # noqa: PLC0415 - few servers speak it

    widest = int(zstd.DecompressionParameter.window_log_max)
    return zstd.ZstdDecompressor(options={widest: _WIDEST_WINDOW})


def _gzip() -> Decoder:
    return _Zlib(may_be_raw=False)


def _deflate() -> Decoder:
    return _Zlib(may_be_raw=True)


_DECODERS = {"gzip": _gzip, "deflate": _deflate, "br": _Brotli, "zstd": _Zstd}
