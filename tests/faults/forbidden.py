"""Ways to private addresses in every spelling. Behind all of them a canary listens, where it can."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import feed
from tests.faults.fault import Fault, ends, fault, reads
from tests.faults.redirects import to
from tests.faults.wire import Exchange, Serve, says

BLOCKED = ends(Health.BLOCKED_ADDRESS)
NOT_REACHED = ends(Health.BLOCKED_ADDRESS, Health.UNREACHABLE, Health.REDIRECT_LOOP)
"""A spelling that not every resolver takes for an address."""

# Each is the host of an address; what is the loopback leads to a canary on the same port.
SPELLINGS = {
    "plain": "127.0.0.1",
    "elsewhere": "127.99.0.1",
    "decimal": "2130706433",
    "hex": "0x7f000001",
    "hex-parts": "0x7f.0x0.0x0.0x1",
    "octal": "0177.0.0.01",
    "octal-long": "017700000001",
    "short": "127.1",
    "three-parts": "127.0.1",
    "mixed-bases": "0x7f.1",
    "full-width": "１２７.０.０.１",
    "ideographic-stop": "127。0。0。1",
    "half-width-stop": "127｡0｡0｡1",
    "circled": "①②⑦.⓪.⓪.①",
    "percent-encoded": "%31%32%37.0.0.1",
    "localhost": "localhost",
    "localhost-upper": "LOCALHOST",
    "unspecified": "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "zero": "0",
    "mapped": "[::ffff:127.0.0.1]",
    "mapped-hex": "[::ffff:7f00:1]",
    "mapped-long": "[0:0:0:0:0:ffff:127.0.0.1]",
    "translated": "[64:ff9b::7f00:1]",
    "six-to-four": "[2002:7f00:1::]",
    "loopback-6": "[::1]",
    "loopback-6-long": "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "unspecified-6": "[::]",
    "scoped": "[fe80::1%25lo]",
    "user-info": "www.korea.test@127.0.0.1",
    "user-info-port": "www.korea.test:80@127.0.0.1",
    "overflow": "383.0.0.1",
    "name-inside": "inside.test",
    "name-loopback": "loopback.test",
    "name-six": "six.test",
    "name-mixed": "mixed.test",
    "name-mixed-last": "mixed-last.test",
    "name-metadata": "metadata.test",
    "metadata": "169.254.169.254",
    "metadata-decimal": "2852039166",
    "metadata-6": "[fd00:ec2::254]",
    "ten": "10.0.0.1",
    "172-16": "172.16.0.1",
    "192-168": "192.168.0.1",
    "carrier": "100.64.0.1",
    "benchmark": "198.18.0.1",
    "documentation": "192.0.2.1",
    "unique-local": "[fd00::1]",
    "site-local": "[fec0::1]",
    "multicast": "224.0.0.1",
    "multicast-6": "[ff02::1]",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
}

VAGUE = frozenset(
    {"circled", "percent-encoded", "overflow", "scoped", "octal-long", "half-width-stop"}
)
TRAILING = {"trailing-dot": "127.0.0.1.", "localhost-dot": "localhost."}


def redirects_there(host: str) -> Serve:
    """A redirect to this host, on the port of the faults: only the address is forbidden."""

    async def serve(exchange: Exchange) -> None:
        target = f"http://{host}:{exchange.place.http}/latest/meta-data/"
        await exchange.answer(to(target.encode()))

    return serve


async def to_canary_port(exchange: Exchange) -> None:
    """An address that is allowed, at a port that is not."""
    await exchange.answer(to(f"http://{exchange.host}:{exchange.place.canary}/"))


async def to_canary_over_tls(exchange: Exchange) -> None:
    await exchange.answer(to(f"https://127.0.0.1:{exchange.place.https}/"))


async def over_a_good_host(exchange: Exchange) -> None:
    """The second hop leads there, not the first."""
    await exchange.answer(to(exchange.place.url("forbidden-plain")))


async def network_path(exchange: Exchange) -> None:
    await exchange.answer(to(f"//127.0.0.1:{exchange.place.http}/"))


async def backslashes(exchange: Exchange) -> None:
    await exchange.answer(to(f"http:\\\\127.0.0.1:{exchange.place.http}\\"))


def directly(name: str, url: str) -> Fault:
    """A feed that is configured with a forbidden address."""
    return Fault(name=f"configured-{name}", serve=says(feed("가")), ends=(BLOCKED,), url=url)


REBOUND = "이름이 바뀌는 곳의 보도자료"

FAULTS: tuple[Fault, ...] = (
    *(
        fault(f"forbidden-{name}", redirects_there(host), NOT_REACHED if name in VAGUE else BLOCKED)
        for name, host in SPELLINGS.items()
    ),
    *(fault(f"forbidden-{n}", redirects_there(host), NOT_REACHED) for n, host in TRAILING.items()),
    fault("forbidden-port", to_canary_port, BLOCKED),
    fault("forbidden-over-tls", to_canary_over_tls, BLOCKED),
    fault("forbidden-second-hop", over_a_good_host, BLOCKED),
    fault("forbidden-network-path", network_path, BLOCKED),
    fault("forbidden-backslashes", backslashes, NOT_REACHED),
    directly("loopback", "http://127.0.0.1:{http}/feed.xml"),
    directly("decimal", "http://2130706433:{http}/feed.xml"),
    directly("metadata", "http://169.254.169.254/latest/meta-data/"),
    directly("name", "http://loopback.test:{http}/feed.xml"),
    Fault(
        # Its name leads to its own address when it is first asked for, then to the canary.
        name="rebinding",
        serve=says(feed(REBOUND)),
        ends=(reads(REBOUND), reads(REBOUND)),
        url="http://rebinding.test:{http}/feed.xml",
    ),
)
