"""Twenty good feeds that stand beside the faults."""

from __future__ import annotations

import gzip

from tests.faults.documents import LINK, XML, atom, rss
from tests.faults.fault import Door, Fault, Titles, fault, reads
from tests.faults.wire import Reply, says

GOOD = 20


def releases(number: int) -> Titles:
    """The titles of a good feed."""
    return tuple(f"{number}번 기관의 {part} 소식" for part in ("교통", "환경", "문화"))


def rdf(*titles: str) -> bytes:
    """An RSS 1.0 document."""
    entries = "".join(
        f'<item rdf:about="{LINK}/rdf/{n}"><title>{title}</title><link>{LINK}/rdf/{n}</link>'
        f"<dc:date>2026-03-02T09:00:00+09:00</dc:date></item>"
        for n, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/">'
        f"<title>보도자료</title><link>https://a.example/</link></channel>{entries}</rdf:RDF>"
    ).encode()


def _reply(number: int) -> Reply:
    titles = releases(number)
    if number % 5 == 3:
        packed = gzip.compress(rss(*titles))
        return Reply(headers=(("Content-Type", XML), ("Content-Encoding", "gzip")), body=packed)
    body = (atom if number % 5 == 4 else rdf if number % 5 == 0 else rss)(*titles)
    return Reply(headers=(("Content-Type", XML), ("ETag", f'"{number}"')), body=body)


def _good(number: int) -> Fault:
    end = reads(*releases(number))
    name = f"good-{number}"
    if number % 7 == 0:
        return Fault(
            name=name,
            serve=says(_reply(number)),
            ends=(end, end),
            door=Door.HTTPS,
            config='certificate = "{folder}/authority.pem"',
        )
    return fault(name, says(_reply(number)), end, end)


FAULTS: tuple[Fault, ...] = tuple(_good(number) for number in range(1, GOOD + 1))
