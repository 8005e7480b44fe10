"""Which addresses the guard lets through."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address, ip_network

import pytest

from aggregator.domain.errors import BlockedAddress, ConnectFailed
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.fetch.guard import Endpoint, Guard, is_public
from tests.fetch.make import get, guard_for
from tests.fixtures.http import Answer, serve

LOCAL = AddressException(host="127.0.0.1", port=8000)


def reach(guard: Guard, host: str, port: int = 80) -> Endpoint:
    return asyncio.run(guard.endpoint(feed_id="molit", url=f"http://{host}/", host=host, port=port))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "211.34.5.6", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_public_addresses_pass(address: str) -> None:
    """What anybody can reach a feed may reach, also behind an IPv6 translator."""
    assert is_public(ip_address(address))
    assert Endpoint(address=str(ip_address(address)), port=80) == reach(Guard(), address)


def test_an_exception_holds_for_its_port_alone() -> None:
    """host:port permits neither another port nor another host."""
    guard = Guard(allow=[LOCAL])
    assert Endpoint(address="127.0.0.1", port=8000) == reach(guard, "127.0.0.1", 8000)
    for host, port in (("127.0.0.1", 8001), ("127.0.0.2", 8000), ("::1", 8000)):
        with pytest.raises(BlockedAddress):
            reach(guard, host, port)


def test_an_exception_may_name_a_network() -> None:
    """network:port permits each address of the network, at that port."""
    guard = Guard(allow=[AddressException(network=ip_network("10.1.0.0/16"), port=443)])
    assert Endpoint(address="10.1.2.3", port=443) == reach(guard, "10.1.2.3", 443)
    for host, port in (("10.1.2.3", 80), ("10.2.0.1", 443), ("::ffff:10.1.2.3", 443)):
        with pytest.raises(BlockedAddress):
            reach(guard, host, port)


def test_a_redirected_name_is_checked_where_it_leads() -> None:
    """connect_to is no way around the guard: its target needs an exception too."""
    rule = ConnectTo(pattern="*.example", host="127.0.0.1", port=8000)
    with pytest.raises(BlockedAddress):
        reach(Guard(connect_to=[rule]), "www.example")
    guard = Guard(connect_to=[rule], allow=[LOCAL])
    assert Endpoint(address="127.0.0.1", port=8000) == reach(guard, "www.example", 443)


def test_the_remedy_is_written_as_the_configuration_wants_it() -> None:
    """An IPv6 address stands in brackets."""
    with pytest.raises(BlockedAddress, match=r'allow_private = \["\[::1\]:80"\]'):
        reach(Guard(), "::1")


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
    ],
)
def test_no_exception_is_proposed_for_what_tells_secrets(host: str) -> None:
    """A metadata or link-local address is nobody's feed, however it is spelt."""
    with pytest.raises(BlockedAddress, match="link-local or metadata") as refused:
        reach(Guard(), host)

    assert "allow_private" not in str(refused.value)


@pytest.mark.parametrize("host", ["metadata.google.internal", "instance-data.ec2.internal"])
def test_no_exception_is_proposed_for_the_name_of_it(host: str) -> None:
    """Behind a proxy, where only the name is known."""
    with pytest.raises(BlockedAddress, match="link-local or metadata") as refused:
        Guard().check_unresolved(feed_id="a", url="u", host=host, port=80)

    assert "allow_private" not in str(refused.value)


def answers_of(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name resolve to these; the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object) -> list[object]:
        asked.append(host)
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (
                families[ip_address(one.partition("%")[0]).version],
                socket.SOCK_STREAM,
                6,
                "",
                (one, port),
            )
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_private_address_among_public_ones_blocks_the_name(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is as good as its worst address, wherever that stands in the list."""
    addresses = ["1.1.1.1", "2606:4700::1111"]
    addresses.insert(place, "10.0.0.1")
    answers_of(monkeypatch, *addresses)
    with pytest.raises(BlockedAddress, match=r"feeds\.test leads to 10\.0\.0\.1"):
        reach(Guard(), "feeds.test")


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is asked for once, so that a second answer cannot lead elsewhere."""
    with serve(Answer(body=b"x")) as office:
        asked = answers_of(monkeypatch, "127.0.0.1")
        get(office, f"http://feeds.test:{office.port}/", guard=guard_for(office))
    assert ["feeds.test"] == [name for name in asked if name != "127.0.0.1"]
    assert f"feeds.test:{office.port}" == office.asked[0].headers["host"]


def test_a_name_without_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer and a name that is none are both a connection that failed."""
    answers_of(monkeypatch)
    with pytest.raises(ConnectFailed, match=r"the name feeds\.test has no address"):
        reach(Guard(), "feeds.test")
    monkeypatch.undo()
    with pytest.raises(ConnectFailed, match="was not found"):
        reach(Guard(), "a" * 70 + ".invalid")
