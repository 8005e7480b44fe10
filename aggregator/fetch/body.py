"""Bodies undone from their codings without ever growing past a limit."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.fetch.codings import BadCoding, Decoder, codings, decoder


class BodyTooLarge(Exception):
    """The body passed its limit in bytes, before or after decompression."""


class BoundedBody:
    """Collects chunks of a response, decompressing as they come.

    ``limit`` in bytes holds for what was received and for what it became, also halfway where one
    coding lies upon another. Raises BadCoding for a header that names an unknown coding.
    """

    def __init__(self, header: str, limit: int) -> None:
        self._codings = codings(header)
        self._limit = limit
        self._decoders = [_Bounded(decoder(one), limit) for one in reversed(self._codings)]
        self._wire: list[bytes] = []
        self._body: list[bytes] = []
        self.received = 0
        self.size = 0
        """Bytes of the body so far."""

    @property
    def coding(self) -> str:
        """How the body is compressed, "" for not at all."""
        return ", ".join(self._codings)

    @property
    def held(self) -> int:
        """Bytes that are kept so far."""
        return self.size + self.received if self._codings else self.received

    def feed(self, chunk: bytes) -> Iterator[None]:
        """Take one received chunk in small steps. Raises BodyTooLarge or BadCoding."""
        self.received += len(chunk)
        if self.received > self._limit:
            raise BodyTooLarge
        self._wire.append(chunk)
        if not self._codings:
            self.size = self.received
            yield
            return
        for piece in self._pieces(chunk, 0):
            self.size += len(piece)
            if self.size > self._limit:
                raise BodyTooLarge
            self._body.append(piece)
            yield

    def finish(self) -> tuple[bytes, bytes]:
        """The whole body, and as it came: the same object where nothing was compressed.

        An empty body is one in every coding. Raises BadCoding when compressed data ends early.
        """
        if self.received and not all(one.is_whole for one in self._decoders):
            raise BadCoding("the compressed body ends early")
        wire, self._wire = b"".join(self._wire), []
        return (b"".join(self._body) if self._codings else wire), wire

    def beginning(self, length: int) -> bytes:
        """The first bytes of the body, as far as they have come."""
        found = b""
        for piece in self._body if self._codings else self._wire:
            found += piece[: length - len(found)]
            if len(found) == length:
                break
        return found

    def _pieces(self, chunk: bytes, place: int) -> Iterator[bytes]:
        """What the decoders from ``place`` on make of ``chunk``."""
        if place == len(self._decoders):
            yield chunk
            return
        for piece in self._decoders[place].pieces(chunk):
            yield from self._pieces(piece, place + 1)


class _Bounded:
    """A decoder whose output has a limit."""

    def __init__(self, inner: Decoder, limit: int) -> None:
        self._inner = inner
        self._left = limit

    @property
    def is_whole(self) -> bool:
        return self._inner.is_whole

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        for piece in self._inner.pieces(chunk):
            self._left -= len(piece)
            if self._left < 0:
                raise BodyTooLarge
            yield piece


def decoded(wire: bytes, coding: str, limit: int) -> bytes:
    """A body that was kept as it came, undone. Raises BadCoding or BodyTooLarge."""
    body = BoundedBody(coding, limit)
    for _ in body.feed(wire):
        pass
    return body.finish()[0]
