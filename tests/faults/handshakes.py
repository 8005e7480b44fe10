"""Servers that cannot prove who they are, and those that do not speak TLS as they should."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import feed, rss
from tests.faults.fault import Door, End, Fault, Papers, ends, reads
from tests.faults.wire import Exchange, Serve, raw, says

CERTIFICATE = ends(Health.CERTIFICATE)
NO_ANSWER = ends(Health.UNREACHABLE)
BROKEN_OFF = ends(Health.UNREACHABLE, Health.REFUSED)
AUTHORITY = 'certificate = "{folder}/authority.pem"'
"""Each trusts the one authority, so that nothing but the named fault is wrong."""


def shows(name: str, papers: Papers, end: End, *, config: str = AUTHORITY) -> Fault:
    """A server with these papers; its feed has one item."""
    serve = says(feed(f"{name} 보도자료"))
    return Fault(
        name=f"tls-{name}", serve=serve, ends=(end,), door=Door.HTTPS, papers=papers, config=config
    )


def proves(name: str, papers: Papers, *, config: str = AUTHORITY) -> Fault:
    """A server whose papers are good."""
    return shows(name, papers, reads(f"{name} 보도자료"), config=config)


def speaks(name: str, serve: Serve, end: End, *, seconds: float = 15.0) -> Fault:
    """A server behind an https address that speaks something else from the first octet."""
    return Fault(
        name=f"tls-{name}",
        serve=serve,
        ends=(end,),
        door=Door.HTTPS,
        papers=Papers.PLAIN,
        raw=True,
        config=AUTHORITY,
        seconds=seconds,
    )


async def hangs(exchange: Exchange) -> None:
    await exchange.hang()


async def resets(exchange: Exchange) -> None:
    await exchange.reader.read(1)
    exchange.reset()


async def closes(exchange: Exchange) -> None:
    await exchange.reader.read(1)


PLAIN_ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + rss("가")
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
"""A fatal alert: the handshake failed."""

FAULTS: tuple[Fault, ...] = (
    shows("expired", Papers.EXPIRED, CERTIFICATE),
    shows("not-yet", Papers.NOT_YET, CERTIFICATE),
    shows("self-signed", Papers.SELF_SIGNED, CERTIFICATE),
    shows("stranger", Papers.STRANGER, CERTIFICATE),
    shows("wrong-name", Papers.WRONG_NAME, CERTIFICATE),
    shows("no-intermediate", Papers.NO_INTERMEDIATE, CERTIFICATE),
    shows("untrusted", Papers.GOOD, CERTIFICATE, config=""),
    shows("old", Papers.OLD, BROKEN_OFF),
    proves("good", Papers.GOOD),
    proves("rsa", Papers.RSA),
    proves("chain", Papers.CHAIN),
    proves("only-1-2", Papers.TLS_1_2),
    proves("pinned", Papers.NO_INTERMEDIATE, config='certificate = "{folder}/intermediate.pem"'),
    proves("unverified", Papers.SELF_SIGNED, config='tls = ["unverified"]'),
    speaks("speaks-http", raw(PLAIN_ANSWER), NO_ANSWER),
    speaks("hangs", hangs, ends(Health.SLOW), seconds=30),
    speaks("resets", resets, BROKEN_OFF),
    speaks("closes", closes, BROKEN_OFF),
    speaks("alert", raw(ALERT), BROKEN_OFF),
    speaks("garbage", raw(bytes(range(256)) * 40), NO_ANSWER),
    Fault(
        name="tls-behind-http",
        serve=says(feed("가")),
        ends=(BROKEN_OFF,),
        door=Door.HTTPS,
        config=AUTHORITY,
        url="http://{address}:{https}/feed.xml",
    ),
    Fault(
        name="tls-then-silence",
        serve=hangs,
        ends=(ends(Health.SLOW),),
        door=Door.HTTPS,
        config=AUTHORITY,
        seconds=30,
    ),
)
