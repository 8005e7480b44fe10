"""Other parsers behind one small interface, so that the cases of the zoo can be put to each.

Each adapter says what its parser says, no more and no less:

- A field that a parser does not offer is left out and so never judged: how precise a date is,
  licences, attachments, embargoes, the first paragraph that says something, warnings.
- Titles and links are the parser's own strings; a title that feedparser calls HTML is made text.
  White space counts only in the cases that are about it. Descriptions and contents are HTML with these
  libraries, so their text is compared: tags gone, entities undone, white space folded.
- The day is the day in Seoul of the instant that a parser gives. The date of an entry is its
  publication or, where the parser has none, its last change.
- feedparser counts as refusing what it finds no version of, the kinder of its two signs: ``bozo``
  is also set for documents that it reads well, and not set for an empty body.
- feedparser keeps nothing between visits. Entries count as the same one by id, else link, else
  title, the rule of its users.
"""

from __future__ import annotations

import calendar
import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Protocol
from urllib.parse import urlsplit

import feedparser

from aggregator.domain.items import SEOUL
from tests.zoo import ours
from tests.zoo.cases import Case, Found, Held, Said


def _name(package: str) -> str:
    """A package with its version, and with chardet where that is there to guess charsets."""
    try:
        return f"{package} {version(package)}, chardet {version('chardet')}"
    except PackageNotFoundError:
        return f"{package} {version(package)}"


class Parser(Protocol):
    """One parser under test."""

    @property
    def name(self) -> str:
        """Name and version, as the table prints them."""
        ...

    def read(self, case: Case) -> Said:
        """What it says of the document of a case."""
        ...

    def hold(self, case: Case) -> Held:
        """What is known after all visits of a case."""
        ...


class Desk:
    """This project's own reading, with its store."""

    name = "this desk"

    def read(self, case: Case) -> Said:
        """As a refresh reads it."""
        return ours.read(case)

    def hold(self, case: Case) -> Held:
        """As a refresh stores it."""
        with TemporaryDirectory() as folder:
            return ours.hold(case, Path(folder))


class BareFeedparser:
    """feedparser with the bytes, the Content-Type and the address of a document; nothing else."""

    name = _name("feedparser")

    def read(self, case: Case) -> Said:
        """As ``feedparser.parse`` gives it; its dates are UTC, as its manual says."""
        return self._read(case, case.files[0])

    def hold(self, case: Case) -> Held:
        """Entries of all visits, each known by id, link or title."""
        known: dict[str, str] = {}
        for file in case.files:
            for entry in self._read(case, file).entries:
                known[entry["id"] or entry["link"] or entry["title"]] = entry["title"]
        return Held(titles=list(known.values()))

    def _read(self, case: Case, file: Path) -> Said:
        parsed = feedparser.parse(
            BytesIO(file.read_bytes()),
            response_headers={"content-type": case.content_type, "content-location": case.url},
        )
        if not parsed.get("version"):
            return Said(refused=str(parsed.get("bozo_exception") or "no version"))
        return Said(
            feed={"title": parsed.feed.get("title", "")},
            entries=[_of_feedparser(entry) for entry in parsed.entries],
        )


def _of_feedparser(entry: Mapping[str, Any]) -> Found:
    contents = [each.get("value", "") for each in entry.get("content", [])]
    summary = entry.get("summary", "")
    # Its mapping answers "updated" with "published", and warns, where only the latter is there.
    updated = entry["updated_parsed"] if "updated_parsed" in entry.keys() else None  # noqa: SIM118
    at = entry.get("published_parsed") or updated
    return {
        "title": _title(entry),
        "title_exact": _title(entry),
        "link": entry.get("link", ""),
        "id": entry.get("id", ""),
        "summary": text_of(summary),
        "content_text": text_of(max(contents, key=len) if contents else summary),
        "authors": [
            name for each in entry.get("authors", []) if (name := each.get("name", "")) != ""
        ],
        "enclosures": [each.get("href", "") for each in entry.get("enclosures", [])],
        "updated": _at(updated),
        **_date(_instant(at)),
    }


def _title(entry: Mapping[str, Any]) -> str:
    title = str(entry.get("title", ""))
    is_html = entry.get("title_detail", {}).get("type") == "text/html"
    return text_of(title) if is_html else title


def _instant(parsed: time.struct_time | None) -> datetime | None:
    return None if parsed is None else datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def _at(parsed: time.struct_time | None) -> str | None:
    instant = _instant(parsed)
    return None if instant is None else instant.isoformat()


def _date(instant: datetime | None) -> dict[str, Any]:
    if instant is None:
        return {"day": None, "instant": None}
    return {
        "day": instant.astimezone(SEOUL).date().isoformat(),
        "instant": instant.isoformat(),
    }


class Reader:
    """The ``reader`` library through its public API: a feed added, updated and its entries read.

    It fetches over HTTP from a server on loopback that answers with the bytes and the Content-Type
    of a case; links that it resolved against that server are given the host of the case.
    """

    def __init__(self) -> None:
        self._library: Any = importlib.import_module("reader")
        self.name = _name("reader")

    def read(self, case: Case) -> Said:
        """After one update of a fresh database in memory."""
        with self._subscribed(case) as (library, url, serve):
            serve(case.files[0])
            try:
                library.update_feed(url)
            except self._library.ParseError as error:
                return Said(refused=str(error))
            feed = library.get_feed(url)
            local = _origin(url)
            entries = [
                self._found(each, local, _origin(case.url)) for each in library.get_entries()
            ]
            return Said(feed={"title": feed.title or ""}, entries=entries)

    def hold(self, case: Case) -> Held:
        """After an update for each visit; one that it cannot read changes nothing."""
        with self._subscribed(case) as (library, url, serve):
            changed = 0
            for file in case.files:
                serve(file)
                try:
                    told = library.update_feed(url)
                except self._library.ParseError:
                    continue
                changed = told.modified if told is not None else 0
            return Held(
                titles=[each.title or "" for each in library.get_entries()], changed=changed
            )

    @contextmanager
    def _subscribed(self, case: Case) -> Iterator[tuple[Any, str, Callable[[Path], None]]]:
        with _serving(case) as (origin, serve), self._library.make_reader(":memory:") as library:
            parts = urlsplit(case.url)
            url = origin + parts.path + (f"?{parts.query}" if parts.query else "")
            library.add_feed(url)
            yield library, url, serve

    def _found(self, entry: Any, local: str, origin: str) -> Found:  # noqa: ANN401
        content = max((each.value for each in entry.content), key=len, default="")
        return {
            "title": entry.title or "",
            "title_exact": entry.title or "",
            "link": (entry.link or "").replace(local, origin),
            "id": entry.id,
            "summary": text_of(entry.summary or ""),
            "content_text": text_of(content or entry.summary or ""),
            "authors": [name for each in entry.authors if (name := each.name or "")],
            "enclosures": [each.href for each in entry.enclosures],
            "updated": entry.updated.isoformat() if entry.updated else None,
            **_date(entry.published or entry.updated),
        }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def _serving(case: Case) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """A server on loopback, and a call that says which document it answers with."""
    body = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", case.content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    def serve(file: Path) -> None:
        nonlocal body
        body = file.read_bytes()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", serve
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(markup: str) -> str:
    """The words of HTML, white space folded."""
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.parts).split())
