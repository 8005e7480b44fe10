"""What reading a new document costs, step by step, beside bare feedparser: ``python -m benchmarks.reading --help``.

Steps are measured one by one, each with what the one before it made. Rounds are of different documents, as
a process meets them that reads one after the other; only those of the zoo are the same in each round, so that
addresses are remembered there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from statistics import median

import feedparser

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.pool.wire import encoded, inspected_from
from aggregator.ports.reading import Inspected
from aggregator.read.decoding.charset import decode
from aggregator.read.items.normalise import read_items
from aggregator.read.mending.mend import mend
from aggregator.read.parsing.documents import read_document
from aggregator.read.parsing.plain_xml import parse_plainly
from aggregator.read.parsing.xml_feed import read_xml
from aggregator.read.parsing.xml_parser import parse
from benchmarks.refresh_corpus import Revision, render
from tests.zoo.cases import load

_NOW = datetime(2024, 2, 20, tzinfo=UTC)
_URL = "https://press.example/feed"

STEPS = (
    "decoding", "mending", "parsing", "entries", "items", "all of it", "parsing by feedparser alone",
    "sent to the parent",
    "bare feedparser", "bare feedparser, sanitising",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Documents, in rounds of which none has one of another's."""

    name: str
    rounds: Sequence[Sequence[bytes]]


def corpora(feeds: int, rounds: int) -> list[Corpus]:
    """The documents of the refresh benchmark, and those of the zoo's that are feeds in XML."""
    made = [
        [render(number, Revision(newest=_NOW)) for number in range(at * feeds, (at + 1) * feeds)]
        for at in range(rounds)
    ]
    zoo = [case.files[0].read_bytes() for case in load()]
    return [
        Corpus(name=f"{feeds} feeds of 30 items", rounds=made),
        Corpus(name="the zoo", rounds=[[body for body in zoo if _is_feed(body)]] * rounds),
    ]


def _is_feed(body: bytes) -> bool:
    try:
        read_document(body, url=_URL)
        return read_xml(_mended(body), url=_URL) is not None
    except ReadError:
        return False


def _mended(body: bytes) -> str:
    return mend(decode(body, header="", override=None).text).text


def measure(bodies: Sequence[bytes]) -> dict[str, float]:
    """Milliseconds of the processor for a document, by step."""
    feed = Feed(id="f", title="f", url=_URL, body="molit")
    texts = [decode(body, header="", override=None).text for body in bodies]
    mended = [mend(text).text for text in texts]
    parsed = [read_document(body, url=_URL) for body in bodies]

    def items(number: int) -> Inspected:
        found, warnings = read_items(
            parsed[number], feed, issuer=lambda _: None, base_url=_URL, seen_at=_NOW
        )
        return Inspected(parsed=parsed[number], items=tuple(found), warnings=tuple(warnings))

    made: list[Inspected] = []
    spent = {
        "decoding": _per(bodies, lambda n: decode(bodies[n], header="", override=None)),
        "mending": _per(bodies, lambda n: mend(texts[n])),
        "parsing": _per(bodies, lambda n: parse_plainly(mended[n]) or parse(mended[n])),
        "entries": _per(bodies, lambda n: read_xml(mended[n], url=_URL)),
        "items": _per(bodies, lambda n: made.append(items(n))),
    }
    spent["entries"] -= spent["parsing"]
    spent["all of it"] = sum(spent.values())
    spent["parsing by feedparser alone"] = _per(bodies, lambda n: parse(mended[n]))
    spent["sent to the parent"] = _per(
        bodies, lambda n: inspected_from(bytearray(encoded(made[n])))
    )
    spent["bare feedparser"] = _per(bodies, lambda n: _feedparser(bodies[n], sanitise=False))
    spent["bare feedparser, sanitising"] = _per(
        bodies, lambda n: _feedparser(bodies[n], sanitise=True)
    )
    return spent


def _per(bodies: Sequence[bytes], do: Callable[[int], object]) -> float:
    started = time.process_time()
    for number in range(len(bodies)):
        do(number)
    return (time.process_time() - started) * 1000 / len(bodies)


def _feedparser(body: bytes, *, sanitise: bool) -> None:
    feedparser.parse(BytesIO(body), sanitize_html=sanitise, resolve_relative_uris=sanitise)


def table(found: dict[str, dict[str, float]]) -> str:
    """A row a step, a column a corpus, as Markdown."""
    return "\n".join(_lines(found))


def _lines(found: dict[str, dict[str, float]]) -> Iterator[str]:
    yield "| milliseconds of CPU a document | " + " | ".join(found) + " |"
    yield "| --- |" + " ---: |" * len(found)
    for step in STEPS:
        yield f"| {step} | " + " | ".join(f"{each[step]:.2f}" for each in found.values()) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=main.__doc__)
    parser.add_argument("--feeds", type=int, default=40, help="documents a round (default: 40)")
    parser.add_argument("--rounds", type=int, default=3, help="of which medians count (default: 3)")
    wanted = parser.parse_args()
    found = {}
    for corpus in corpora(wanted.feeds, wanted.rounds):
        measure(corpus.rounds[0][:2])
        rounds = [measure(bodies) for bodies in corpus.rounds]
        found[corpus.name] = {step: median(each[step] for each in rounds) for step in STEPS}
    print(table(found))  # noqa: T201


if __name__ == "__main__":
    main()
