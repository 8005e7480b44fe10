"""Answers that are none, each with its own name; what is evidence and what is kept secret."""

from __future__ import annotations

import asyncio
import gzip
import traceback
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import BadStatus, ConnectFailed, FetchError, Gone, Refused, Throttled
from aggregator.fetch.masking import hide
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import fetch_all, get, guard_for
from tests.fixtures.http import Answer, redirect, serve

PAGE = "<html>점검 중입니다</html>".encode()


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (Answer(status=403), Refused, "refused"),
        (Answer(status=451), Refused, "refused"),
        (Answer(status=410), Gone, "gone"),
        (Answer(status=429), Throttled, "throttled"),
        (Answer(status=503, headers=[("Retry-After", "9")]), Throttled, "throttled"),
        (Answer(status=503, headers=[("Retry-After", "soon")]), BadStatus, "bad_status"),
        (Answer(status=503), BadStatus, "bad_status"),
        (Answer(status=404, headers=[("Retry-After", "9")]), BadStatus, "bad_status"),
        (Answer(raw=b""), Refused, "refused"),
        (Answer(raw=b"", reset=True), Refused, "refused"),
        (Answer(raw=b"HTTP/1.1 200", reset=True), ConnectFailed, "connect_failed"),
        (Answer(body=b"half", length=100), ConnectFailed, "connect_failed"),
        (Answer(body=b"half", length=100, reset=True), ConnectFailed, "connect_failed"),
    ],
    ids=lambda value: str(getattr(value, "status", "")) if isinstance(value, Answer) else None,
)
def test_each_refusal_has_its_name(answer: Answer, kind: type[FetchError], code: str) -> None:
    """Not wanted, ended, too often, or just not there."""
    with serve(answer) as office, pytest.raises(kind) as caught:
        get(office)
    assert (kind, code) == (type(caught.value), caught.value.code)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("value", "wait", "words"),
    [
        (
            "7200",
            timedelta(hours=2),
            "429 Too Many Requests and wants to be left alone for 2 hours",
        ),
        (
            "90",
            timedelta(seconds=90),
            "429 Too Many Requests and wants to be left alone for 90 sec",
        ),
        ("", None, "429 Too Many Requests$"),
    ],
)
def test_a_host_says_for_how_long(value: str, wait: timedelta | None, words: str) -> None:
    """Retry-After is on the error, and in its message in words."""
    answer = Answer(status=429, headers=[("Retry-After", value)])
    with serve(answer) as office, pytest.raises(Throttled, match=words) as caught:
        get(office)
    assert wait == caught.value.retry_after


@pytest.mark.parametrize(
    ("answer", "head"),
    [
        (Answer(status=404, body=PAGE), PAGE),
        (Answer(status=404, body=PAGE * 100), (PAGE * 100)[:512]),
        (
            Answer(status=500, body=gzip.compress(PAGE), headers=[("Content-Encoding", "gzip")]),
            PAGE,
        ),
        (Answer(status=500, body=PAGE, headers=[("Content-Encoding", "gzip")]), b""),
        (Answer(status=500, body=PAGE, headers=[("Content-Encoding", "what")]), b""),
        (Answer(status=403, body=PAGE, length=1000), PAGE),
        (Answer(status=404), b""),
        (Answer(body=b"<rss>", length=1000), b"<rss>"),
        (Answer(status=302, body=PAGE), b""),
    ],
    ids=["page", "long", "gzip", "not-gzip", "unknown", "cut", "empty", "cut-feed", "redirect"],
)
def test_the_first_bytes_of_a_bad_answer_are_kept(answer: Answer, head: bytes) -> None:
    """At most 512 of them, decoded; whatever is wrong with them does not hide the status."""
    with serve(answer) as office, pytest.raises(FetchError) as caught:
        get(office)
    assert head == caught.value.head


def test_a_dripping_error_page_keeps_its_status() -> None:
    """Evidence is not worth a whole deadline."""
    answer = Answer(status=404, body=b"x" * 1000, drip=0.02)
    with serve(answer) as office, pytest.raises(BadStatus, match="404") as caught:
        get(office, timeout=0.6)
    assert 0 < len(caught.value.head) < 512


@pytest.mark.parametrize(
    "tail",
    [
        b"Content-Length: 100\r\n\r\n<rss/>",
        b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n60\r\n<rss/>",
        b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n<rss/>\r\n",
    ],
)
def test_a_cut_answer_is_never_a_body(tail: bytes) -> None:
    """However it says where it ends, it must get there."""
    with serve(Answer(raw=b"HTTP/1.1 200 OK\r\n" + tail)) as office, pytest.raises(ConnectFailed):
        get(office)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\n\r\n<rss/>",
        b"HTTP/1.0 200\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\nContent-Length: 6\n\n<rss/>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6  \r\n<rss/>\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n<rs\r\n3\r\ns/>\r\n0\r\nX-Trailer: 1\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>and what nobody asked for",
        b"HTTP/1.1 200 OK\r\nX-Odd: \x01\x02\r\nContent-Length: 6\r\n\r\n<rss/>",
    ],
    ids=["to-the-end", "http-1.0", "bare-lf", "padded", "both", "interim", "more", "control"],
)
def test_old_servers_are_understood(raw: bytes) -> None:
    """Answers that are odd and whole are answers."""
    with serve(Answer(raw=raw)) as office:
        answer = get(office)
    assert isinstance(answer, Fetched)
    assert b"<rss/>" == answer.body


KEY = "ab+C/d=="


@pytest.mark.parametrize("key_in_url", [KEY, "ab%2BC%2Fd%3D%3D", "ab%2bC%2fd%3d%3d", "ab%2BC/d=="])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500, body=b"key ab+C/d== is wrong, and so is ab%2BC%2Fd%3D%3D"),
        Answer(raw=b""),
        Answer(raw=b"nonsense\r\n\r\n"),
        Answer(body=b"x" * 200_000),
        redirect("ftp://a.example/?serviceKey=ab%2BC%2Fd%3D%3D"),
        redirect("http://[/?serviceKey=ab+C/d=="),
        redirect("/rss?serviceKey=ab%2BC%2Fd%3D%3D"),
        redirect(f"http://a.example:99999/{'x' * 150}?serviceKey=ab%2BC%2Fd%3D%3D"),
        Answer(pause=9),
    ],
    ids=["status", "closed", "nonsense", "large", "ftp", "broken", "circle", "port", "silent"],
)
def test_a_secret_is_in_nothing_that_is_said(answer: Answer, key_in_url: str) -> None:
    """Not in the message, the addresses, the evidence, nor in what a traceback would print."""
    with serve(answer) as office:
        request = FetchRequest(
            feed_id="f",
            url=f"http://a.example/rss?serviceKey={key_in_url}",
            secrets=(KEY,),
            timeout=0.4,
            max_bytes=100_000,
        )
        (error,) = asyncio.run(fetch_all(guard_for(office), [request]))
    assert isinstance(error, FetchError)
    said = [str(error), repr(error), error.url, repr(error.hops), repr(error.head)]
    said += traceback.format_exception(error)
    for text in said:
        for form in (KEY, "ab%2BC", "ab%2bC", "ab+C"):
            assert form not in text


def test_a_secret_is_in_no_answer() -> None:
    """The address of a body, its hops, and a 304 hide it as well; the server still gets it."""
    url = "http://a.example/rss?serviceKey=ab%2BC%2Fd%3D%3D"
    steps = [redirect("/b?k=ab%2bC%2fd%3d%3d"), Answer(body=b"x"), Answer(status=304)]
    with serve(steps) as office:
        request = FetchRequest(feed_id="f", url=url, secrets=(KEY,), etag='"1"')
        (first,) = asyncio.run(fetch_all(guard_for(office), [request]))
        (second,) = asyncio.run(fetch_all(guard_for(office), [request]))
    assert isinstance(first, Fetched)
    assert "http://a.example/b?k=***" == first.url
    assert "http://a.example/rss?serviceKey=***" == first.hops[0].url
    assert "ab%2BC" not in repr(second)
    assert "/rss?serviceKey=ab%2BC%2Fd%3D%3D" == office.asked[0].path


def test_an_encoded_percent_sign_is_hidden_whole() -> None:
    """The sign is the beginning of its own encoded form."""
    assert "k=***&" == hide("k=%25&", ["%"])


@given(st.text(min_size=1, max_size=20), st.text(max_size=20), st.data())
def test_every_spelling_is_hidden(secret: str, around: str, data: st.DataObject) -> None:
    """Whichever of its characters are percent-encoded, and in whichever case."""
    spelt = ""
    for character in secret:
        octets = character.encode("utf-8", "surrogatepass")
        upper = "".join(f"%{octet:02X}" for octet in octets)
        spelt += data.draw(st.sampled_from([character, upper, upper.lower()]))
    hidden = hide(f"{around}|{spelt}|", [secret])
    assert "***|" in hidden or "*" in secret or "|" in secret
