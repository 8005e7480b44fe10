"""Redirects: in circles, into nothing, to what is no web address, and honest ones."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import feed
from tests.faults.fault import Fault, Titles, ends, fault, reads
from tests.faults.wire import Exchange, Headers, HeaderValue, Reply, Serve, by_path, says

LOOP = ends(Health.REDIRECT_LOOP)
BLOCKED = ends(Health.BLOCKED_ADDRESS)
NOWHERE = ends(Health.REDIRECT_LOOP, Health.UNREACHABLE, Health.BLOCKED_ADDRESS)
"""The target is no address, or one where nobody is."""


def to(target: HeaderValue, status: int = 302, *more: tuple[str, HeaderValue]) -> Reply:
    """A redirect."""
    headers: Headers = (("Location", target), *more)
    return Reply(status=status, reason="Elsewhere", headers=headers)


def leads(target: HeaderValue, title: str, status: int = 302) -> Serve:
    """A redirect of the main path; any other path is a feed."""

    async def serve(exchange: Exchange) -> None:
        is_first = exchange.path == "/feed.xml"
        await exchange.answer(to(target, status) if is_first else feed(title))

    return serve


async def growing(exchange: Exchange) -> None:
    await exchange.answer(to(f"{exchange.path}{'&' if '?' in exchange.path else '?'}again=1"))


def hops(number: int, *titles: str) -> Serve:
    """So many redirects and then a feed."""

    async def serve(exchange: Exchange) -> None:
        here = int(exchange.path.rpartition("-")[2]) if "-" in exchange.path else 0
        await exchange.answer(feed(*titles) if here == number else to(f"/hop-{here + 1}"))

    return serve


async def cookie_gate(exchange: Exchange) -> None:
    """What molit, mofa and others do: 307 to the same address until the cookie comes back."""
    if "gate=open" in exchange.headers.get("cookie", ""):
        await exchange.answer(feed("쿠키 문 뒤의 보도자료"))
    else:
        await exchange.answer(to("/feed.xml", 307, ("Set-Cookie", "gate=open; Path=/; HttpOnly")))


async def two_gates(exchange: Exchange) -> None:
    cookies = exchange.headers.get("cookie", "")
    for name in ("first", "second"):
        if f"{name}=1" not in cookies:
            await exchange.answer(to("/feed.xml", 307, ("Set-Cookie", f"{name}=1")))
            return
    await exchange.answer(feed("두 겹 문 뒤의 보도자료"))


async def cookie_loop(exchange: Exchange) -> None:
    """Another cookie each time, and never enough."""
    await exchange.answer(to("/feed.xml", 307, ("Set-Cookie", f"gate={exchange.turn}; Path=/")))


async def cookie_flood(exchange: Exchange) -> None:
    many = tuple(("Set-Cookie", f"c{number}={'x' * 200}") for number in range(300))
    if exchange.path == "/feed.xml":
        await exchange.answer(to("/next.xml", 302, *many))
    else:
        await exchange.answer(feed("쿠키가 쏟아진 뒤의 보도자료"))


async def leaks_cookie(exchange: Exchange) -> None:
    """A cookie, and a redirect to another host, which must not get it."""
    target = exchange.place.url("cookie-other-host", "/other.xml")
    await exchange.answer(to(target, 302, ("Set-Cookie", "secret=of-this-host; Path=/")))


async def to_itself(exchange: Exchange) -> None:
    await exchange.answer(to(f"http://{exchange.headers['host']}{exchange.path}"))


async def with_user_info(exchange: Exchange) -> None:
    if exchange.path == "/feed.xml":
        await exchange.answer(to(f"http://user:secret@{exchange.headers['host']}/real.xml"))
    else:
        await exchange.answer(feed("이름을 앞에 단 주소의 보도자료"))


async def to_broken_certificate(exchange: Exchange) -> None:
    place = exchange.place
    await exchange.answer(to(f"https://{place.addresses['tls-expired']}:{place.https}/feed.xml"))


def between(name: str, other: str) -> tuple[Fault, Fault]:
    """Two hosts that send visitors to each other."""

    def send(target: str) -> Serve:
        async def serve(exchange: Exchange) -> None:
            await exchange.answer(to(exchange.place.url(target)))

        return serve

    # Both wait for each other's spacing.
    return fault(name, send(other), LOOP, seconds=40), fault(other, send(name), LOOP, seconds=40)


def scheme(name: str, target: str) -> Fault:
    """A redirect to what is no web address."""
    return fault(f"redirect-to-{name}", says(to(target)), BLOCKED)


def honest(name: str, target: HeaderValue, status: int = 302) -> Fault:
    title = f"{name} 뒤의 보도자료"
    # Two requests to one host, two seconds apart.
    return fault(name, leads(target, title, status), reads(title))


ONE: Titles = ("옮긴 곳의 보도자료",)

FAULTS: tuple[Fault, ...] = (
    fault("redirect-to-itself", to_itself, LOOP, seconds=40),
    *between("redirect-back", "redirect-forth"),
    fault("redirect-growing", growing, LOOP, seconds=40),
    fault("redirect-nine-hops", hops(9, "가"), LOOP, seconds=40),
    fault("redirect-four-hops", hops(4, "네 번 옮긴 보도자료"), reads("네 번 옮긴 보도자료")),
    fault("cookie-gate", cookie_gate, reads("쿠키 문 뒤의 보도자료")),
    fault("cookie-two-gates", two_gates, reads("두 겹 문 뒤의 보도자료")),
    fault("cookie-loop", cookie_loop, LOOP, seconds=40),
    fault("cookie-flood", cookie_flood, reads("쿠키가 쏟아진 뒤의 보도자료")),
    fault("cookie-leak", leaks_cookie, reads("다른 집의 보도자료")),
    fault("cookie-other-host", says(feed("다른 집의 보도자료")), reads("다른 집의 보도자료")),
    fault("redirect-user-info", with_user_info, reads("이름을 앞에 단 주소의 보도자료")),
    fault("redirect-to-expired", to_broken_certificate, ends(Health.CERTIFICATE)),
    fault("redirect-without-location", says(Reply(status=302, reason="Found")), LOOP),
    fault("redirect-301-without-location", says(Reply(status=301, reason="Moved")), LOOP),
    fault("redirect-empty-location", says(to("")), LOOP),
    fault("redirect-garbage", says(to("http://[::1")), NOWHERE),
    fault("redirect-no-host", says(to("http://")), NOWHERE),
    fault("redirect-slashes", says(to("//")), NOWHERE),
    fault("redirect-port-0", says(to("http://127.0.0.1:0/")), NOWHERE),
    fault("redirect-port-65536", says(to("http://127.0.0.1:65536/")), NOWHERE),
    fault("redirect-port-words", says(to("http://127.0.0.1:http/")), NOWHERE),
    fault("redirect-octets", says(to(b"http://\xff\xfe\x80/")), NOWHERE),
    fault("redirect-long-host", says(to(f"http://{'a' * 5000}.test/")), NOWHERE),
    fault("redirect-long-path", says(to(f"/{'a' * 60_000}")), NOWHERE | ends(Health.HTTP_ERROR)),
    fault("redirect-unknown-name", says(to("http://nobody.test/")), ends(Health.UNREACHABLE)),
    scheme("file", "file:///etc/passwd"),
    scheme("file-host", "file://localhost/etc/passwd"),
    scheme("data", "data:application/rss+xml,%3Crss%20version=%222.0%22%3E%3C/rss%3E"),
    scheme("javascript", "javascript:alert(1)"),
    scheme("ftp", "ftp://127.0.0.1/feed.xml"),
    scheme("gopher", "gopher://127.0.0.1:70/_GET%20/"),
    scheme("dict", "dict://127.0.0.1:11211/stat"),
    scheme("unix", "unix:/var/run/docker.sock"),
    scheme("jar", "jar:http://127.0.0.1/x.jar!/feed.xml"),
    honest("redirect-relative", "next.xml"),
    honest("redirect-query", "?page=2", 303),
    honest("redirect-fragment", "/next.xml#items"),
    honest("redirect-korean", "/자료/새 주소.xml".encode()),
    honest("redirect-euc-kr", "/자료.xml".encode("euc-kr")),
    honest("redirect-escaped-line", "/next%0d%0aSet-Cookie:%20a=b.xml"),
    honest("redirect-dots", "/a/../../next.xml", 307),
    fault(
        "redirect-refresh-header",
        says(
            Reply(
                headers=(("Refresh", "0; url=/next.xml"), ("Content-Type", "text/html")),
                body=b"<html><head><title>moved</title></head><body>moved</body></html>",
            )
        ),
        ends(Health.HTML),
    ),
    fault(
        "location-with-200",
        says(feed("위치를 덧붙인 보도자료", headers=(("Location", "file:///etc/passwd"),))),
        reads("위치를 덧붙인 보도자료"),
    ),
    fault(
        "redirect-to-404",
        by_path({"/feed.xml": says(to("/missing.xml"))}),
        ends(Health.HTTP_ERROR),
    ),
)
