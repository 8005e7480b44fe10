"""feedparser's own test documents, read by this project: what feedparser reads right must be right.

The documents are no part of this project; they come with feedparser's source distribution. Each
says in a comment what is expected of it.
"""

from __future__ import annotations

import ast
import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from time import struct_time
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest

from aggregator.domain.errors import ReadError
from aggregator.domain.items import Entry, ParsedFeed
from aggregator.read.dates.when import parse_when
from aggregator.read.links.addresses import absolute, canonical_url
from aggregator.read.parsing.documents import read_document
from aggregator.text.clean import clean_html, plain_text
from tests.fixtures.feedparser_documents import HOW, feedparser_documents

FOLDERS = ("encoding", "entities", "illformed", "wellformed")
_SWALLOWED = (
    "entry_content_iframe entry_content_object entry_summary_iframe entry_summary_object"
    " entry_title_object feed_copyright_object feed_subtitle_iframe feed_subtitle_object"
    " feed_tagline_object item_content_encoded_iframe item_content_encoded_object"
    " item_description_iframe item_description_object item_fullitem_iframe item_fullitem_object"
)

EXCEPTIONS: dict[str, str] = {
    "encoding/bozo_linenoise.xml": (
        "a document that says utf-8 and has one broken byte is utf-8 with one broken byte"
    ),
    **{
        f"wellformed/{name}.xml": "titles are unescaped until nothing changes, for feeds escape twice"
        for name in (
            "atom/feed_title_base64_2",
            "atom/feed_title_inline_markup_2",
            "atom10/feed_title_base64_2",
        )
    },
    **{
        f"wellformed/base/http_{name}_id_base_content_location.xml": (
            "an id is compared as it is written (RFC 4287 section 4.2.6.1), never resolved"
        )
        for name in ("entry", "feed")
    },
    "wellformed/atom10/tag_in_attr.xml": "titles are plain text: a picture is none",
    "wellformed/lang/http_content_language.xml": (
        "Content-Language tells the readers a server has in mind, not the language of a text"
    ),
    "wellformed/sanitize/acceptable_element_br.xml": "a line end alone is no text",
    **{
        f"wellformed/sanitize/{name}.xml": (
            "a player or frame takes what stands within it away, also where it is never closed"
        )
        for name in _SWALLOWED.split()
    },
    "wellformed/sanitize/xml_declaration_unexpected_character.xml": (
        "what begins like a declaration is escaped when it is printed, not when it is read"
    ),
    "wellformed/sanitize/xml_malicious_comment.xml": (
        "a comment that is none is escaped when it is printed, not when it is read"
    ),
}
"""Documents that are read differently on purpose, and why."""

Clause = tuple[tuple[str | int, ...], Any]


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    """Each document by its path below ``tests``."""
    found = feedparser_documents()
    if not found:
        pytest.skip(HOW)
    return found


@pytest.fixture(autouse=True)
def no_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """chardet's best guesses tie, and another processor rounds the winner differently."""
    monkeypatch.setattr("feedparser.encodings.lazy_chardet_encoding", None)


@pytest.mark.long
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_feedparser_reads_right_is_read_right(
    folder: str, documents: Mapping[str, bytes]
) -> None:
    """Titles, links, ids, texts, people, dates, files, categories, languages of all documents."""
    wrong: dict[str, str] = {}
    compared = 0
    for name, body in sorted(documents.items()):
        if name.startswith(f"{folder}/"):
            mistakes = list(differences(body))
            compared += 1
            if mistakes:
                wrong[name] = "; ".join(mistakes)
    excused = {name for name in EXCEPTIONS if name.startswith(f"{folder}/")}

    assert compared > 100 or folder == "illformed"
    assert {} == {name: text for name, text in wrong.items() if name not in excused}
    assert excused == excused & wrong.keys(), "exceptions that are none any more"


def differences(body: bytes) -> Iterator[str]:
    """What feedparser reads as its author expects and we do not."""
    text = _readable(body)
    headers = {
        name.lower(): value.strip()
        for name, value in re.findall(r"^Header:\s+([^:\n]+):([^\n]+)$", text, re.MULTILINE)
    }
    headers.setdefault("content-type", "application/xml")
    url = headers.get("content-location", "")
    bare = feedparser.parse(BytesIO(body), response_headers=headers)
    clauses = [
        (path, value) for path, value in _expected(text) if value == _at(bare, path) and value
    ]
    if not clauses:
        return
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers["content-type"])
    try:
        ours = read_document(
            body,
            charset=charset[1] if charset else "",
            media_type=headers["content-type"].partition(";")[0],
            url=url,
        )
    except ReadError as error:
        yield f"refused: {error}"
        return
    for path, value in clauses:
        found = _found(ours, path)
        if found is not None and not any(_same(path[-1], value, each, url) for each in found):
            yield f"{path}: {value!r} expected, {found!r} read"


def _readable(body: bytes) -> str:
    """The comment of a document in whatever charset it is."""
    for charset in (
        "utf-8",
        "utf-32",
        "utf-16",
        "utf-32-be",
        "utf-32-le",
        "utf-16-be",
        "utf-16-le",
        "cp037",
    ):
        text = body.decode(charset, "ignore")
        if "Expect:" in text:
            return text
    return body.decode("latin-1")


def _expected(text: str) -> Iterator[Clause]:
    """The parts of an expectation that say what a value is."""
    match = re.search(r"Expect:\s*(.*)\s*-->", text)
    if match is None:
        return
    try:
        tree = ast.parse(match[1].strip(), mode="eval").body
    except SyntaxError:
        return
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for part in parts:
        if isinstance(part, ast.Compare) and all(isinstance(op, ast.Eq) for op in part.ops):
            *paths, last = [part.left, *part.comparators]
            try:
                value = ast.literal_eval(last)
                yield from ((_path(path), value) for path in paths)
            except ValueError:
                continue


def _path(node: ast.expr) -> tuple[str | int, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (*_path(node.value), node.attr)
    if isinstance(node, ast.Subscript):
        return (*_path(node.value), ast.literal_eval(node.slice))
    raise ValueError(ast.dump(node))


def _at(parsed: object, path: tuple[str | int, ...]) -> object:
    """What feedparser has at a path; None for nothing."""
    for step in path:
        try:
            parsed = parsed[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return tuple(parsed) if isinstance(parsed, struct_time) else parsed


def _found(ours: ParsedFeed, path: tuple[str | int, ...]) -> list[str] | None:
    """The values that ours has for a path; None where it keeps no such thing."""
    match path:
        case ("feed" | "channel", *rest):
            return _of_feed(ours, tuple(rest))
        case ("entries" | "items", int(index), *rest):
            if index >= len(ours.entries):
                return []
            return _of_entry(ours.entries[index], tuple(rest))
    return None


def _of_feed(feed: ParsedFeed, rest: tuple[str | int, ...]) -> list[str] | None:  # noqa: C901, PLR0911
    match rest:
        case ("title",) | ("title_detail", "value"):
            return [feed.title]
        case ("link",):
            return [feed.link]
        case ("id" | "guid",):
            return [feed.id]
        case ("language",):
            return [feed.language]
        case ("subtitle" | "description" | "tagline",) | (
            "subtitle_detail" | "description_detail" | "tagline_detail", "value",
        ):  # fmt: skip
            return [feed.subtitle]
        case ("rights" | "copyright",) | ("rights_detail" | "copyright_detail", "value"):
            return [feed.rights]
        case ("generator",) | ("generator_detail", "name"):
            return [feed.generator]
        case ("updated" | "updated_parsed" | "modified_parsed" | "date_parsed",):
            return [feed.updated]
        case ("image", "href" | "url") | ("logo",):
            return [feed.image]
        case ("ttl",):
            return [str(feed.minutes_to_live)]
        case ("author",) | ("author_detail", "name") | ("authors", int(), "name"):
            return _named(feed.authors)
        case ("category",) | ("tags", int(), "term" | "label"):
            return list(feed.categories)
    return None


def _of_entry(entry: Entry, rest: tuple[str | int, ...]) -> list[str] | None:  # noqa: C901, PLR0911, PLR0912
    match rest:
        case ("title",) | ("title_detail", "value"):
            return [entry.title]
        case ("link",):
            return [entry.link]
        case ("id" | "guid",):
            return [entry.guid]
        case ("summary" | "description",) | ("summary_detail" | "description_detail", "value") | (
            "content", int(), "value",
        ):  # fmt: skip
            return [entry.summary, entry.content]
        case ("rights" | "copyright",) | ("rights_detail" | "copyright_detail", "value"):
            return [entry.rights]
        case ("comments",):
            return [entry.comments]
        case ("source", "title") | ("source", "title_detail", "value"):
            return [entry.source]
        case ("published_parsed" | "issued_parsed" | "created_parsed",) | (
            "published" | "issued" | "created",
        ):  # fmt: skip
            return [entry.published, entry.updated]
        case ("updated_parsed" | "modified_parsed" | "date_parsed",) | ("updated" | "modified",):
            return [entry.updated, entry.published]
        case ("author",) | ("author_detail", "name") | ("authors", int(), "name"):
            return _named(entry.authors)
        case ("category",) | ("tags", int(), "term" | "label"):
            return list(entry.categories)
        case ("enclosures", int(), "href" | "url"):
            return [each.url for each in entry.enclosures]
        case ("enclosures", int(), "type"):
            return [each.media_type for each in entry.enclosures]
        case ("enclosures", int(), "length"):
            return [str(each.length) for each in entry.enclosures]
        case ("media_thumbnail" | "media_content", int(), "url"):
            return [*(each.url for each in entry.images), *(each.url for each in entry.enclosures)]
    return None


def _named(authors: tuple[str, ...]) -> list[str]:
    return [*authors, ", ".join(authors)]


def _same(name: str | int, expected: object, found: str, url: str) -> bool:
    if isinstance(expected, tuple):
        return _is_instant(expected, found)
    text = str(expected)
    if name in {"link", "href", "url", "comments", "logo"} and absolute(text, url):
        return canonical_url(absolute(text, url)) == canonical_url(found)
    if name in {"author", "name"}:
        # feedparser writes "name (address)"; we keep the name.
        return found in {text, re.sub(r"\s*\([^()]*\)$", "", text)}
    if _letters(text) or name == "title":
        return _letters(text) == _letters(found)
    # Pictures alone: they are there, and what was unsafe about them never reaches a reader.
    return bool(found) and clean_html(text) == clean_html(found)


def _letters(markup: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", "", plain_text(markup))


def _is_instant(expected: tuple[int, ...], found: str) -> bool:
    """Whether a raw date means this instant of UTC, or this day where it says no more."""
    when = parse_when(found, zone=ZoneInfo("UTC"))
    if when is None or len(expected) < 6:
        return False
    at = datetime.fromtimestamp(calendar.timegm((*expected[:6], 0, 0, 0)), UTC)
    if when.precision == "day":
        return abs(when.at - at) <= timedelta(hours=9)
    return at == when.at.replace(microsecond=0)
