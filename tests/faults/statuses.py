"""Statuses that carry no feed, and what changes from visit to visit."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.bodies import MAINTENANCE
from tests.faults.documents import feed, plain, rss, xml
from tests.faults.fault import End, Fault, ends, fault, reads
from tests.faults.redirects import to
from tests.faults.wire import Exchange, Headers, Reply, Serve, in_turn, says

ERROR = ends(Health.HTTP_ERROR)
REFUSED = ends(Health.REFUSED)
THROTTLED = ends(Health.THROTTLED)
EARLIER = ("먼저 온 보도자료",)
LATER = (*EARLIER, "나중에 온 보도자료")
FIRST = feed(*EARLIER)
AGAIN = feed(*LATER)


def status(number: int, *headers: tuple[str, str], body: bytes = b"sorry") -> Reply:
    """An answer with this status."""
    kind: Headers = (("Content-Type", "text/plain"),)
    return Reply(status=number, reason="Whatever", headers=(*kind, *headers), body=body)


def wait(number: int, retry_after: str) -> Reply:
    """An answer that says when to come again."""
    return status(number, ("Retry-After", retry_after))


def simple(number: int, end: End) -> Fault:
    return fault(f"status-{number}", says(status(number)), end)


def kept(*states: Health) -> End:
    """The visit ends badly and what came earlier is still there."""
    return ends(*states, titles=EARLIER)


def interlude(name: str, reply: Reply, *states: Health) -> Fault:
    """Well, then ill, then well again with one item more."""
    return fault(name, in_turn(FIRST, reply, AGAIN), reads(*EARLIER), kept(*states), reads(*LATER))


async def not_modified(exchange: Exchange) -> None:
    """Honest validators: 304 as long as they come back as they were sent."""
    tag = 'W/"r&d \\"한\\" 1"'
    if exchange.headers.get("if-none-match", "").encode("latin-1") == tag.encode():
        await exchange.answer(Reply(status=304, reason="Not Modified"))
    else:
        await exchange.answer(feed(*EARLIER, headers=(("ETag", tag),)))


async def post_only(exchange: Exchange) -> None:
    if exchange.method == "POST" and exchange.sent == b"schGu=%EA%B0%95%EB%82%A8%EA%B5%AC":
        await exchange.answer(feed("물어야 답하는 보도자료"))
    else:
        await exchange.answer(status(405, ("Allow", "POST")))


async def referer_only(exchange: Exchange) -> None:
    wanted = exchange.headers.get("referer") == "https://www.korea.test/"
    await exchange.answer(feed("되짚어 본 보도자료") if wanted else status(403))


def moved(number: int, target: Reply) -> Serve:
    """A redirect to another path of this host, always."""

    async def serve(exchange: Exchange) -> None:
        is_old = exchange.path == "/feed.xml"
        await exchange.answer(to("/new.xml", number) if is_old else target)

    return serve


def moving(number: int, end: End) -> Fault:
    """A redirect that is seen on four days."""
    return fault(f"moved-{number}", moved(number, FIRST), end, end, end, end)


MOVED = ends(Health.OK, Health.MOVED, titles=EARLIER)
TEN_YEARS = str(10 * 366 * 24 * 3600)

FAULTS: tuple[Fault, ...] = (
    fault(
        "status-204",
        says(Reply(status=204, reason="No Content", length=-1)),
        ends(Health.HTTP_ERROR, Health.EMPTY),
    ),
    fault("status-205", says(status(205, body=b"")), ends(Health.HTTP_ERROR, Health.EMPTY)),
    fault(
        "status-206",
        says(
            Reply(
                status=206,
                reason="Partial",
                headers=(("Content-Range", "bytes 0-99/9000"),),
                body=rss("가")[:100],
            )
        ),
        ERROR,
    ),
    fault("status-300", says(status(300)), ends(Health.HTTP_ERROR, Health.REDIRECT_LOOP)),
    fault("status-304-unasked", says(Reply(status=304, reason="Not Modified")), ERROR),
    fault(
        "status-305",
        says(Reply(status=305, reason="Use Proxy", headers=(("Location", "http://127.0.0.1/"),))),
        ERROR,
    ),
    *(simple(number, ERROR) for number in (400, 402, 404, 405, 406, 418, 500, 501, 502, 504)),
    simple(401, ends(Health.HTTP_ERROR, Health.REFUSED)),
    simple(403, REFUSED),
    simple(451, REFUSED),
    simple(410, ends(Health.GONE)),
    simple(429, THROTTLED),
    simple(503, ends(Health.HTTP_ERROR, Health.THROTTLED)),
    fault(
        "status-404-with-feed", says(Reply(status=404, reason="Not Found", body=rss("가"))), ERROR
    ),
    fault(
        "status-500-endless",
        says(status(500, body=b"x" * 20_000_000)),
        ends(Health.HTTP_ERROR, Health.TOO_LARGE),
    ),
    interlude("then-429-in-an-hour", wait(429, "3600"), Health.THROTTLED),
    interlude("then-429-with-date", wait(429, "Thu, 05 Mar 2026 09:00:00 GMT"), Health.THROTTLED),
    interlude("then-429-in-ten-years", wait(429, TEN_YEARS), Health.THROTTLED),
    interlude("then-429-in-the-past", wait(429, "Sun, 06 Nov 1994 08:49:37 GMT"), Health.THROTTLED),
    interlude("then-429-negative", wait(429, "-3600"), Health.THROTTLED),
    interlude("then-429-garbage", wait(429, "when the moon is full %s"), Health.THROTTLED),
    interlude("then-429-digits", wait(429, "9" * 5000), Health.THROTTLED),
    interlude("then-503-in-an-hour", wait(503, "3600"), Health.THROTTLED),
    interlude("then-503-year-9999", wait(503, "Fri, 31 Dec 9999 23:59:59 GMT"), Health.THROTTLED),
    interlude("then-500", status(500), Health.HTTP_ERROR),
    interlude("then-404", status(404), Health.HTTP_ERROR),
    interlude("then-html", plain(MAINTENANCE), Health.HTML),
    interlude("then-empty", xml(b""), Health.EMPTY),
    interlude("then-no-items", feed(), Health.EMPTY),
    interlude("then-json", xml(b'{"error": "maintenance"}'), Health.NOT_A_FEED),
    fault("then-410", in_turn(FIRST, status(410)), reads(*EARLIER), kept(Health.GONE)),
    fault("then-304", not_modified, reads(*EARLIER), reads(*EARLIER), reads(*EARLIER)),
    fault("unchanged-bytes", says(FIRST), reads(*EARLIER), reads(*EARLIER)),
    moving(301, MOVED),
    moving(308, MOVED),
    moving(302, ends(Health.OK, titles=EARLIER)),
    moving(307, ends(Health.OK, titles=EARLIER)),
    fault("moved-to-a-page", moved(301, plain(MAINTENANCE)), *[ends(Health.HTML)] * 4),
    Fault(
        name="post-only",
        serve=post_only,
        ends=(reads("물어야 답하는 보도자료"),),
        config='method = "POST"\nform = { schGu = "강남구" }',
    ),
    Fault(
        name="referer-only",
        serve=referer_only,
        ends=(reads("되짚어 본 보도자료"),),
        config='headers = { Referer = "https://www.korea.test/" }',
    ),
)
