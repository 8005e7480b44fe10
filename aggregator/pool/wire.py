"""What parent and child say to each other: our own records, checked field by field.

A child has parsed hostile bytes with libraries written in C, so its parent believes nothing of what
it says: a reply is bounded in size and decoded into known records of known types, or refused. No
pickles, which may name any function.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from struct import Struct
from typing import BinaryIO

import msgspec

from aggregator.domain.errors import ApiError, ReaderKilled, ReadError
from aggregator.domain.items import Item
from aggregator.ports.reading import Document, Inspected, Page

READY, INSPECTED, FAILED = 1, 2, 3
"""Kinds of replies: a child can read; what it read; why it could not."""

REPLY_HEAD = Struct("!BBI")
"""Kind, whether the child ends now, bytes of the payload."""

REQUEST_HEAD = Struct("!IQ")
"""Bytes of the description, bytes of all bodies."""

_MOST_MESSAGE = 1000
_MOST_TRACE = 8000


class BadReply(Exception):
    """A child said something that no reader says."""


class _Description(msgspec.Struct, array_like=True, frozen=True):
    """A document without its bodies, and how long these are."""

    document: Document
    lengths: tuple[int, ...]


class Failure(msgspec.Struct, array_like=True, frozen=True):
    """Why a document could not be read. ``name`` is that of a ReadError, or "" where the reader
    itself broke down, with ``trace`` for the log."""

    name: str
    message: str
    reason: str = ""
    trace: str = ""


class Setup(msgspec.Struct, array_like=True, frozen=True):
    """What a template is told once: the function that makes a reader, its arguments, and bounds."""

    handler: str
    arguments: tuple[object, ...]
    seconds: float
    large: int
    memory: int
    large_memory: int
    kept: int


_ENCODER = msgspec.msgpack.Encoder()
_DESCRIPTIONS = msgspec.msgpack.Decoder(_Description)
_INSPECTED = msgspec.msgpack.Decoder(Inspected)
_FAILURES = msgspec.msgpack.Decoder(Failure)
_SETUPS = msgspec.msgpack.Decoder(Setup)


def _tree(root: type[ReadError]) -> Iterator[type[ReadError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _tree(kind)


_ERRORS = {kind.__name__: kind for kind in _tree(ReadError)}


def size_of(document: Document) -> int:
    """Bytes of all bodies."""
    return len(document.body) + sum(len(page.body) for page in document.further)


def request_of(document: Document) -> list[bytes]:
    """A document as the pieces that are sent one after the other; bodies are not copied."""
    bodies = [document.body, *(page.body for page in document.further)]
    bare = replace(
        document, body=b"", further=tuple(replace(page, body=b"") for page in document.further)
    )
    lengths = tuple(len(body) for body in bodies)
    told = _ENCODER.encode(_Description(document=bare, lengths=lengths))
    return [REQUEST_HEAD.pack(len(told), sum(lengths)) + told, *bodies]


def document_from(stream: BinaryIO, described: int) -> Document:
    """The document of a request whose head was read; ``described`` is the description's length.
    Raises EOFError."""
    told = _DESCRIPTIONS.decode(_whole(stream, described))
    bodies = [_whole(stream, length) for length in told.lengths]
    further: Sequence[Page] = told.document.further
    return replace(
        told.document,
        body=bodies[0],
        further=tuple(
            replace(page, body=body) for page, body in zip(further, bodies[1:], strict=True)
        ),
    )


def _whole(stream: BinaryIO, length: int) -> bytes:
    read = stream.read(length)
    if len(read) < length:
        raise EOFError
    return read


def encoded(told: Inspected | Failure | Setup) -> bytes:
    """The payload of a message. Raises UnicodeEncodeError for a lone surrogate."""
    return _ENCODER.encode(told)


def setup_from(payload: bytes) -> Setup:
    """What a parent told its template."""
    return _SETUPS.decode(payload)


def inspected_from(payload: bytearray) -> Inspected:
    """What a child read. Raises BadReply."""
    try:
        found = _INSPECTED.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadReply(str(error)) from error
    if not all(_is_zoned(item) for item in found.items):
        raise BadReply("an instant without zone")
    return found


def _is_zoned(item: Item) -> bool:
    told = [when.at for when in (item.published, item.updated) if when is not None]
    instants = told if item.embargo_until is None else [*told, item.embargo_until]
    return all(at.tzinfo is not None for at in instants)


def failure_from(payload: bytearray) -> Failure:
    """Why a child could not read. Raises BadReply."""
    try:
        failure = _FAILURES.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadReply(str(error)) from error
    if failure.name and failure.name not in _ERRORS:
        raise BadReply("an error that no reader raises")
    return failure


def failure_of(error: ReadError) -> Failure:
    """An error as it is told to the parent."""
    reason = error.reason if isinstance(error, ApiError) else ""
    return Failure(type(error).__name__, _sendable(str(error)), _sendable(reason))


def breakdown_of(error: Exception, trace: str) -> Failure:
    """An error that no reader should raise, as it is told to the parent."""
    name = type(error).__name__
    message = f"the document could not be read: {name} in the program"
    return Failure("", message, trace=_sendable(trace[-_MOST_TRACE:], most=_MOST_TRACE))


def error_of(failure: Failure) -> ReadError:
    """The error that a failure tells of: one line, of a bounded length."""
    kind = _ERRORS.get(failure.name, ReadError)
    message = " ".join(failure.message.split())[:_MOST_MESSAGE]
    if issubclass(kind, ApiError):
        return kind(message, reason=" ".join(failure.reason.split())[:_MOST_MESSAGE])
    return kind(message)


def out_of_memory(limit: int) -> ReaderKilled:
    """The error for a document that takes more than ``limit`` bytes."""
    megabytes = limit // (1024 * 1024)
    return ReaderKilled(
        f"reading the document takes more memory than allowed ({megabytes} MB) and was ended"
    )


def _sendable(text: str, most: int = _MOST_MESSAGE) -> str:
    return text[:most].encode("utf-8", "backslashreplace").decode()
