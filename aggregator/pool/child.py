"""What a child process does: read one document after the other, within its limits."""

from __future__ import annotations

import gc
import socket
import traceback
from collections.abc import Callable
from typing import BinaryIO

from aggregator.domain.errors import ReadError, TooDeep
from aggregator.pool.limits import (
    MEGABYTE,
    Limits,
    bound_document,
    end_with_peer,
    mapped,
    resident,
    shut_in,
)
from aggregator.pool.wire import (
    FAILED,
    INSPECTED,
    READY,
    REPLY_HEAD,
    REQUEST_HEAD,
    breakdown_of,
    document_from,
    encoded,
    failure_of,
    out_of_memory,
)
from aggregator.ports.reading import Document, Inspected

Read = Callable[[Document], Inspected]

_WORTH_COLLECTING = 8 * MEGABYTE


def serve(peer: socket.socket, read: Read, limits: Limits) -> None:
    """Answer the parent at ``peer`` until it closes, or until this process has grown."""
    shut_in()
    base, start = mapped(), resident()
    peer.sendall(REPLY_HEAD.pack(READY, 0, 0))
    with peer.makefile("rb") as stream:
        while len(head := stream.read(REQUEST_HEAD.size)) == REQUEST_HEAD.size:
            described, size = REQUEST_HEAD.unpack(head)
            memory = limits.memory_for(size)
            bound_document(base=base, memory=memory, seconds=limits.seconds)
            kind, payload = _answer(peer, stream, described, read)
            ends = not payload or _grown(start + len(payload)) > limits.kept
            payload = payload or encoded(failure_of(out_of_memory(memory)))
            peer.sendall(REPLY_HEAD.pack(kind, ends, len(payload)))
            peer.sendall(payload)
            del payload
            if ends:
                return


def _grown(start: int) -> int:
    """Bytes by which this process has grown for good."""
    if (grown := resident() - start) > _WORTH_COLLECTING:
        gc.collect()
        grown = resident() - start
    return grown


def _answer(peer: socket.socket, stream: BinaryIO, described: int, read: Read) -> tuple[int, bytes]:
    """The kind and payload of the reply to a request; no payload where memory ran out, which is
    told when what had taken it is gone."""
    try:
        document = document_from(stream, described)
        end_with_peer(peer, watch=True)
        try:
            return _read(document, read)
        finally:
            end_with_peer(peer, watch=False)
    except MemoryError:
        return FAILED, b""


def _read(document: Document, read: Read) -> tuple[int, bytes]:
    try:
        return INSPECTED, encoded(read(document))
    except ReadError as error:
        failure = failure_of(error)
    except RecursionError:
        failure = failure_of(TooDeep("the document is nested too deeply to be read"))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a document trips is told of that document
        failure = breakdown_of(error, traceback.format_exc())
    return FAILED, encoded(failure)
