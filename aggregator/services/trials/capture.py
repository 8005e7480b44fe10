"""What a feed's server sent, ready to be kept in a folder: documents byte for byte, beside what came
with them, without secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import Payload
from aggregator.ports.fetching import Fetched
from aggregator.ports.reading import Document, Inspected
from aggregator.services.asking.feed_key import KEY_REPEATED, Key, make_key, read_quietly
from aggregator.services.intake.payloads import Unpack, document_of, unpack
from aggregator.text.toml import toml_string

DESCRIPTION = "capture.toml"
"""The file that says what came with the documents."""

_TOLD = "the document repeats the key of its feed, so it is not kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """What must not be kept: ``secrets`` are texts such as keys, ``address`` takes out of an address
    whatever may be one."""

    address: Callable[[str], str]
    secrets: tuple[str, ...] = ()

    def of_body(self, body: bytes) -> bytes:
        """The body with stars, as many as there were bytes, in place of each secret. Raises ReadError
        where a secret stands there in a charset in which it cannot be replaced."""
        for key in self._keys():
            body = key.starred_bytes(body)
            if key.is_in(body):
                raise ReadError(_TOLD)
        return body

    def of_url(self, url: str) -> str:
        """The address without secrets."""
        shown = self.address(url)
        for key in self._keys():
            shown = key.masked(shown)
        return shown

    def read(self, read: Callable[[], Inspected]) -> Inspected:
        """What ``read`` brings or raises, without the secrets."""
        for key in self._keys():
            read = partial(read_quietly, read, key)
        return read()

    def _keys(self) -> list[Key]:
        return [make_key(secret) for secret in self.secrets if secret]


def mask_of(feed: Feed, environ: Mapping[str, str], public: Callable[[str], str]) -> Mask:
    """What must not be kept of a feed's documents; ``public`` says how an address may be shown, "" for
    not at all."""

    def address(url: str) -> str:
        # A private address is nobody's to publish, but its owner's to keep; not so what it asks.
        return public(url) or url.partition("?")[0]

    secret = environ.get(feed.key_env, "").strip() if feed.key_env else ""
    return Mask(address=address, secrets=(secret,) if secret else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedDocument:
    """One document without its coding, which is named, with the masked address that it came from."""

    body: bytes
    url: str
    media_type: str = ""
    charset: str = ""
    coding: str = ""

    @property
    def extension(self) -> str:
        """``xml``, ``jsonfeed`` or, for what is neither, ``feed``; by the first character."""
        start = self.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return {b"<": "xml", b"{": "jsonfeed"}.get(start, "feed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What one visit to a feed brought (``seen_at`` in UTC), the further pages after the first."""

    feed_id: str
    seen_at: datetime
    documents: tuple[CapturedDocument, ...]

    @property
    def name(self) -> str:
        """``molit-press-20240304T010000Z``: a folder's name that sorts by time."""
        return f"{self.feed_id}-{self.seen_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def capture_answer(feed: Feed, answer: Fetched, seen_at: datetime, mask: Mask) -> Capture:
    """What a server has just sent."""
    document = CapturedDocument(
        body=mask.of_body(answer.body),
        url=mask.of_url(answer.url),
        media_type=answer.media_type,
        charset=answer.charset,
        coding=answer.coding,
    )
    return Capture(feed_id=feed.id, seen_at=seen_at, documents=(document,))


def capture_visit(
    visit: Sequence[Payload], feed: Feed, mask: Mask, unpacked: Unpack = unpack
) -> Capture:
    """What was kept of one visit. Raises ReadError for what cannot be unpacked."""
    document = document_of(tuple(visit), feed, unpacked)
    bodies = (document.body, *(page.body for page in document.further))
    return Capture(
        feed_id=feed.id,
        seen_at=visit[0].seen_at,
        documents=tuple(
            CapturedDocument(
                body=mask.of_body(body),
                url=mask.of_url(payload.url or feed.url),
                media_type=payload.media_type,
                charset=payload.charset,
                coding=payload.coding,
            )
            for payload, body in zip(visit, bodies, strict=True)
        ),
    )


def refuse_told(
    found: Capture, feed: Feed, mask: Mask, read: Callable[[Document], Inspected]
) -> None:
    """Raise ReadError where a capture, once read, tells a secret that its bytes did not show."""
    for one in found.documents:
        document = Document(
            body=one.body,
            feed=feed,
            now=found.seen_at,
            charset=one.charset,
            media_type=one.media_type,
            url=one.url,
        )
        try:
            inspected = mask.read(partial(read, document))
        except ReadError:
            continue
        if KEY_REPEATED in inspected.warnings:
            raise ReadError(_TOLD)


def files_of(capture: Capture) -> dict[str, bytes]:
    """The files of a capture by name: each document, and what came with it as TOML."""
    named = {
        f"document-{number}.{one.extension}": one
        for number, one in enumerate(capture.documents, start=1)
    }
    files = {name: one.body for name, one in named.items()}
    lines = [
        f"feed = {toml_string(capture.feed_id)}",
        f"seen_at = {capture.seen_at.astimezone(UTC).isoformat(timespec='seconds')}",
    ]
    for name, one in named.items():
        lines += [
            "",
            "[[documents]]",
            f"file = {toml_string(name)}",
            f"url = {toml_string(one.url)}",
            f"media_type = {toml_string(one.media_type)}",
            f"charset = {toml_string(one.charset)}",
            f"coding = {toml_string(one.coding)} # as it was sent; the file is without it",
            f"bytes = {len(one.body)}",
            f'sha256 = "{hashlib.sha256(one.body).hexdigest()}"',
        ]
    return files | {DESCRIPTION: ("\n".join(lines) + "\n").encode()}
