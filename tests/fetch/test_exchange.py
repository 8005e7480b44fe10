"""One conditional GET: what is asked, and what is made of the answer."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import replace

import pytest

from aggregator.domain.errors import (
    BadStatus,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    TooLarge,
)
from aggregator.domain.net import AddressException
from aggregator.fetch.guard import Guard
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified
from tests.fetch.make import AGENT, fetch_all, fetched, get, guard_for
from tests.fixtures.http import Answer, Office, free_port, serve

BODY = "<rss><channel><title>보도자료</title></channel></rss>".encode() * 40


def test_the_program_says_who_it_is() -> None:
    """User-Agent names the program; nothing says more than needed."""
    with serve(Answer(body=BODY)) as office:
        assert BODY == fetched(office).body
    (asked,) = office.asked
    assert AGENT == asked.headers["user-agent"]
    assert "gzip, deflate, br, zstd" == asked.headers["accept-encoding"]
    assert not {"cookie", "authorization", "if-none-match"} & set(asked.names)


def test_the_host_header_names_the_feeds_own_host() -> None:
    """A name that is connected elsewhere still stands in Host, once, without the other port."""
    with serve(Answer(body=BODY)) as office:
        answer = fetched(office, "http://www.molit.example/rss?id=1#top")
    (asked,) = office.asked
    assert "www.molit.example" == asked.headers["host"]
    assert 1 == asked.names.count("host")
    assert "/rss?id=1" == asked.path
    assert "http://www.molit.example/rss?id=1#top" == answer.url


@pytest.mark.parametrize("etag", ['"a b"', 'W/"1"', "no-quotes", '"', "x,y"])
def test_validators_go_back_as_they_came(etag: str) -> None:
    """ETag and Last-Modified are kept and sent without being understood."""
    headers = [("ETag", etag), ("Last-Modified", "yesterday, more or less")]
    with serve([Answer(headers=headers, body=BODY), Answer(status=304)]) as office:
        first = fetched(office)
        again = get(office, etag=first.etag, last_modified=first.last_modified)
    assert NotModified(url=office.url("/rss")) == again
    assert etag == office.asked[1].headers["if-none-match"]
    assert "yesterday, more or less" == office.asked[1].headers["if-modified-since"]


def test_octets_of_a_validator_survive() -> None:
    """An ETag that is no ASCII goes back octet for octet."""
    etag = '"국토"'.encode()
    with serve([Answer(headers=[("ETag", etag)], body=BODY), Answer(status=304)]) as office:
        answer = get(office, etag=fetched(office).etag)
    assert isinstance(answer, NotModified)
    assert etag == office.asked[1].headers["if-none-match"].encode("latin-1")


@pytest.mark.parametrize("etag", ["", " ", "한글", "a\r\nX-Evil: 1", "a\x1bb", "x" * 5000])
def test_a_validator_that_cannot_be_sent_is_left_out(etag: str) -> None:
    """Whatever was stored, the request is sound."""
    with serve(Answer(body=BODY)) as office:
        assert BODY == fetched(office, etag=etag).body
    assert not {"if-none-match", "x-evil"} & set(office.asked[0].names)


def test_an_answer_without_validators_has_none() -> None:
    """Missing and empty validators are None."""
    with serve(Answer(headers=[("ETag", "")], body=BODY)) as office:
        answer = fetched(office)
    assert (None, None) == (answer.etag, answer.last_modified)


def test_not_modified_that_nobody_asked_for_is_an_error() -> None:
    """304 without validators sent brings nothing, and cannot count as success."""
    with serve(Answer(status=304)) as office, pytest.raises(BadStatus) as caught:
        get(office)
    assert 304 == caught.value.status


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "127.0.0.1 answered 404 Not Found"),
        (503, "127.0.0.1 answered 503 Service Unavailable"),
        (410, "127.0.0.1 answered 410 Gone: the feed has ended"),
        (204, "127.0.0.1 answered 204 No Content"),
        (206, "127.0.0.1 answered 206 Partial Content"),
        (299, "127.0.0.1 answered 299"),
        (999, "127.0.0.1 answered 999"),
    ],
)
def test_other_statuses_are_told_with_their_own_name(status: int, words: str) -> None:
    """The message has the registered phrase and nothing that the server made up."""
    with (
        serve(Answer(status=status, reason="\x1b[2J gotcha", body=b"")) as office,
        pytest.raises(BadStatus) as caught,
    ):
        get(office)
    assert (words, status) == (str(caught.value), caught.value.status)


def test_a_body_above_the_limit_is_refused() -> None:
    """The limit holds for what is sent: exactly that many bytes pass, one more does not."""
    with serve(Answer(body=b"x" * 1000)) as office:
        assert 1000 == len(fetched(office, max_bytes=1000).body)
        with pytest.raises(TooLarge, match="larger than 999 bytes") as caught:
            get(office, max_bytes=999)
    assert len(caught.value.head) <= 512


def test_a_limit_is_told_in_units_that_a_person_reads() -> None:
    """MiB and KiB, not millions of bytes."""
    with serve(Answer(body=b"x" * 600_000)) as office, pytest.raises(TooLarge, match=r"512 KiB$"):
        get(office, max_bytes=512 * 1024)


def test_a_dripping_server_meets_the_deadline() -> None:
    """A server that never stops cannot hold a visit longer than its timeout."""
    with (
        serve(Answer(body=b"x" * 10_000, drip=0.02)) as office,
        pytest.raises(FetchTimeout, match=r"no complete answer from 127\.0\.0\.1 within 0\.2 sec"),
    ):
        get(office, timeout=0.2)


def test_a_silent_server_meets_the_deadline() -> None:
    """A server that never begins to answer cannot either."""
    with serve(Answer(pause=30)) as office, pytest.raises(FetchTimeout):
        get(office, timeout=0.1)


def test_refused_connection_in_plain_words() -> None:
    """Nobody listens: the message says so."""
    office = Office(free_port())
    with pytest.raises(ConnectFailed) as caught:
        get(office)
    assert "no answer from 127.0.0.1: the connection was refused" == str(caught.value)
    assert ("molit", office.url("/rss")) == (caught.value.feed_id, caught.value.url)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(raw=b"", reset=True), "reset|broke off|hung up"),
        (Answer(raw=b""), "it hung up before it said anything"),
        (Answer(body=b"half", length=100), "it hung up before the answer was whole"),
        (Answer(raw=b"SSH-2.0-OpenSSH_9\r\n\x1b[2J\r\n\r\n"), "what came is not HTTP"),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000), "its header does not end"),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "what came is not HTTP"),
    ],
    ids=["reset", "closed", "cut", "ssh", "header-flood", "length"],
)
def test_broken_answers_in_plain_words(answer: Answer, words: str) -> None:
    """What goes wrong on the wire is one short sentence without the server's own words."""
    with serve(answer) as office, pytest.raises(ConnectFailed, match=words) as caught:
        get(office)
    assert len(str(caught.value)) < 120
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("coding", ["chunked", "Chunked", "gzip, CHUNKED"])
def test_a_cut_body_in_chunks_is_not_taken_as_whole(coding: str) -> None:
    """The names of transfer codings have no case (RFC 9112 section 7)."""
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\nConnection: close\r\n\r\n"
    answer = Answer(raw=head.encode() + b"6\r\n<rss/>\r\n")
    with serve(answer) as office, pytest.raises(ConnectFailed, match="before the answer was whole"):
        get(office)


def test_tls_that_is_none_is_told() -> None:
    """An https address behind which plain HTTP speaks is a connection that failed."""
    with socket.create_server(("127.0.0.1", 0)) as plain, serve(Answer(body=BODY)) as office:

        def speak_first() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(4096)

        speaker = threading.Thread(target=speak_first, daemon=True)
        speaker.start()
        port = plain.getsockname()[1]
        guard = Guard(allow=[AddressException(host="127.0.0.1", port=port)])
        with pytest.raises(ConnectFailed, match="secure"):
            get(office, f"https://127.0.0.1:{port}/rss", guard=guard)
        speaker.join(timeout=5)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/xml; charset=euc-kr", ("text/xml", "euc-kr")),
        ('Application/RSS+XML;CharSet="UTF-8"', ("application/rss+xml", "UTF-8")),
        ("application/xml", ("application/xml", "")),
        ("text/xml; charset*=us-ascii'en'cp949", ("text/xml", "cp949")),
        ("charset=utf-8", ("text/plain", "utf-8")),
        ("", ("", "")),
    ],
)
def test_media_type_and_charset_are_those_of_the_header(
    header: str, expected: tuple[str, str]
) -> None:
    """Content-Type gives both, in any of its spellings."""
    with serve(Answer(headers=[("Content-Type", header)], body=BODY)) as office:
        answer = fetched(office)
    assert expected == (answer.media_type, answer.charset)


WEIRD = [
    b"",
    b"\xff\xfe\xff",
    "보도자료".encode("euc-kr"),
    b'"' * 3000,
    b";" * 60_000,
    b"a=\\" * 10_000,
    b"text/xml; charset=" + b"x" * 5000,
    b"text/xml; charset*=x'y'%FF%FE; charset*0=1; charset*1=2",
    b"=?utf-8?b?//79?=",
    b"http://[::1",
    b"http://xn--a/",
    b"http://xn--/",
    b"http://a..example/",
    b"http://\xed\xa0\x80.example/",
    b"//:0",
    b"http://www.example:99999/",
    b"http://www.example:" + b"9" * 5000,
    b"http://" + b"a" * 70_000 + b".example/",
    b"http://" + b"a" * 300 + b".example/",
    b"https://.example/",
    b"\x01\x1b[2J\x7f",
    b"a=b; c=\xff; expires=\xfe",
    b"__proto__=1; =; ;;; a b=c",
    b"-1",
    b"1" * 5000,
]
NAMES = [
    "ETag",
    "Last-Modified",
    "Content-Type",
    "Content-Encoding",
    "Location",
    "Set-Cookie",
    "Retry-After",
    "Transfer-Encoding",
    "X-Anything",
]


def test_no_header_raises_anything_but_a_fetch_error() -> None:
    """Whatever a header holds, a fetch ends with a body or a FetchError of one printable line;
    and what was kept of it can be sent back."""
    hosts = [
        (f"w{index}.example", status, name, value)
        for index, value in enumerate(WEIRD)
        for name in NAMES
        for status in ((302,) if name == "Location" else (200,))
    ]
    by_path = {
        f"/{n}": Answer(status=s, headers=[(name, v)]) for n, (_, s, name, v) in enumerate(hosts)
    }
    with serve(lambda asked: by_path.get(asked.path, Answer(body=b"y"))) as office:
        first = [
            FetchRequest(feed_id="f", url=f"http://{n}.{host}/{n}", etag='"1"', timeout=20.0)
            for n, (host, *_) in enumerate(hosts)
        ]
        answers = asyncio.run(fetch_all(guard_for(office), first))
        again = [
            replace(request, etag=answer.etag, last_modified=answer.last_modified)
            for request, answer in zip(first, answers, strict=True)
            if isinstance(answer, Fetched)
        ]
        answers += asyncio.run(fetch_all(guard_for(office), again))
    assert len(again) > len(WEIRD)
    for answer in answers:
        if isinstance(answer, BaseException):
            assert isinstance(answer, FetchError), repr(answer)
            assert str(answer).isprintable()
            assert len(str(answer)) < 400
