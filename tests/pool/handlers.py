"""What child processes of tests are told to do: the document's body names it."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime

from aggregator.domain.errors import ApiError, HtmlPage
from aggregator.domain.items import Entry, Item, ParsedFeed, When
from aggregator.ports.reading import Document, Inspected


def inspected(told: str, *, at: datetime | None = None) -> Inspected:
    """A reading whose title is what was told."""
    parsed = ParsedFeed(
        version="rss20",
        title=told,
        link="https://molit.example/",
        language="ko",
        encoding="utf-8",
        claimed="",
        entries=(Entry(title=told, summary="원문 " * 100, fields={"no": "1"}),),
    )
    item = Item(
        feed_id="molit",
        key="guid:1",
        guid="1",
        link="https://molit.example/1",
        canonical_url="https://molit.example/1",
        title=told,
        summary="",
        content="",
        body="molit",
        language="ko",
        published=When(at=at) if at else None,
        raw={"title": told, "summary": parsed.entries[0].summary},
    )
    return Inspected(parsed=parsed, items=(item,), warnings=("no-entries",))


def obedient(*words: str) -> Callable[[Document], Inspected]:
    """A reader that does what the first word of a body says."""

    def read(document: Document) -> Inspected:
        name, _, argument = document.body.partition(b" ")
        return _DEEDS[name.decode()](document, argument.decode("ascii", "replace"), words)

    return read


def reading_modules() -> Callable[[Document], Inspected]:
    """The real reader imported, and told what came with it."""
    from aggregator.services.trials.inspect import document_reader  # noqa: PLC0415 - others start faster

    document_reader({})
    return obedient()


def unmakeable() -> Callable[[Document], Inspected]:
    """Fails before there is a reader."""
    raise SystemExit(3)


def _say(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    return inspected(argument)


def _echo(document: Document, _argument: str, words: tuple[str, ...]) -> Inspected:
    told = [document.feed.id, document.charset, document.media_type, document.url, *words]
    bodies = [len(document.body), *(len(page.body) for page in document.further)]
    return inspected("|".join([*told, *map(str, bodies)]), at=document.now)


def _sleep(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    time.sleep(float(argument))
    return inspected("slept")


def _spin(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    while True:
        pass


def _pid(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    return inspected(f"{os.getpid()} {os.getppid()}")


def _exit(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    os._exit(int(argument))


def _signal(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    os.kill(os.getpid(), getattr(signal, argument))
    return inspected("still here")


def _crash(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    ctypes.string_at(0)
    return inspected("still here")


def _hog(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    pieces = [b"\1" * 1_000_000 for _ in range(int(argument))]
    return inspected(str(len(pieces)))


def _keep(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    kept = mmap.mmap(-1, int(argument) * 1_000_000)
    kept.write(b"\1" * len(kept))
    _KEPT.append(kept)
    return inspected(str(os.getpid()))


def _api(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    raise ApiError("the interface says no\n(22)", reason="22")


def _page(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    raise HtmlPage("an HTML page titled '점검'")


def _trip(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    raise KeyError("소제목")


def _recurse(document: Document, argument: str, words: tuple[str, ...]) -> Inspected:
    return _recurse(document, argument, words)


def _surrogate(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    return inspected("\ud800")


def _write(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    with open(argument, "wb") as file:  # noqa: PTH123 - the plainest way is what is tried
        file.write(b"x" * 10)
    return inspected("written")


def _modules(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    return inspected(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))


def _environ(_document: Document, _argument: str, _words: tuple[str, ...]) -> Inspected:
    return inspected(" ".join(sorted(os.environ)))


def _blurt(_document: Document, argument: str, _words: tuple[str, ...]) -> Inspected:
    """Write to the parent past the reader, as a library that was taken over would."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - descriptors, not files
        try:
            peer = socket.socket(fileno=os.dup(int(name)))
            peer.sendall(bytes.fromhex(argument))
        except OSError:
            continue
    time.sleep(30)
    return inspected("blurted")


_KEPT: list[mmap.mmap] = []
_DEEDS = {
    "api": _api,
    "blurt": _blurt,
    "crash": _crash,
    "echo": _echo,
    "environ": _environ,
    "exit": _exit,
    "hog": _hog,
    "keep": _keep,
    "modules": _modules,
    "page": _page,
    "pid": _pid,
    "recurse": _recurse,
    "say": _say,
    "signal": _signal,
    "sleep": _sleep,
    "spin": _spin,
    "surrogate": _surrogate,
    "trip": _trip,
    "write": _write,
}
