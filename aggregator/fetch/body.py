"""Bodies undone from their transfer coding without ever growing past a limit."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zlib import _Decompress as Decoder

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
"""Lets zlib recognise gzip and zlib headers by itself."""

_RAW = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_HEADER = 2
"""Bytes that tell the three forms of compressed data apart."""

SUPPORTED_CODINGS = ("gzip", "x-gzip", "deflate", "identity", "")
ACCEPT_ENCODING = "gzip, deflate"
_SHOWN = 40
"""Characters of a foreign word that a message repeats."""


class BodyTooLarge(Exception):
    """The body passed its limit in bytes, before or after decompression."""


class BadCoding(Exception):
    """The body is not in the coding that its header claims, or that coding is unknown."""


class BoundedBody:
    """Collects chunks of a response, decompressing as they come.

    ``limit`` in bytes holds for what was received and for what it became.
    """

    def __init__(self, coding: str, limit: int) -> None:
        coding = coding.strip().lower()
        if coding not in SUPPORTED_CODINGS:
            raise BadCoding(f"unknown content coding {coding[:_SHOWN]!r}")
        self._limit = limit
        self._received = 0
        self._chunks: list[bytes] = []
        self._size = 0
        self._coding = coding
        self._is_coded = coding not in {"", "identity"}
        self._head = b""
        self._decoder: Decoder | None = None

    def feed(self, chunk: bytes) -> None:
        """Take one received chunk. Raises BodyTooLarge or BadCoding."""
        self._received += len(chunk)
        if self._received > self._limit:
            raise BodyTooLarge
        if not self._is_coded:
            self._keep(chunk)
            return
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < _HEADER:
                return
            self._decoder, chunk = zlib.decompressobj(self._form(self._head)), self._head
        self._inflate(self._decoder, chunk)

    def finish(self) -> bytes:
        """The whole body. Raises BadCoding when compressed data ends early."""
        if self._is_coded and self._received and not (self._decoder and self._decoder.eof):
            raise BadCoding("the compressed body ends early")
        return b"".join(self._chunks)

    def _form(self, head: bytes) -> int:
        """The window size by which zlib knows the form of the data.

        Some servers send "deflate" without its zlib header (RFC 9110 section 8.4.1.2).
        """
        is_zlib = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:_HEADER]) % 31 == 0
        if self._coding == "deflate" and not is_zlib and not head.startswith(_GZIP_MAGIC):
            return _RAW
        return _GZIP_OR_ZLIB

    def _inflate(self, decoder: Decoder, chunk: bytes) -> None:
        # What follows the end of the compressed data is padding, and not worth keeping.
        while chunk and not decoder.eof:
            try:
                self._keep(decoder.decompress(chunk, self._limit - self._size + 1))
            except zlib.error as error:
                raise BadCoding(f"the body is not in the {self._coding} coding") from error
            chunk = decoder.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise BodyTooLarge
        self._chunks.append(data)
