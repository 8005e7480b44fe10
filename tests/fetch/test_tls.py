"""TLS with real servers: what is refused, what a profile relaxes, and nothing more."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from aggregator.domain.errors import CertificateRefused, ConnectFailed, Refused
from aggregator.domain.net import STRICT_TLS, AddressException, ConnectTo, Tls, TlsProfile
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.tls import TlsContexts
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import fetch_all

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<rss/>"
NAME = "www.molit.example"


@dataclass(slots=True)
class Secure:
    """A running server: its port, and the server names that were asked for."""

    port: int
    names: list[str | None]


@contextlib.contextmanager
def serve_tls(context: ssl.SSLContext | None, first: bytes = b"") -> Iterator[Secure]:
    """Answer each connection once; without a context, say ``first`` and close."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        secure = Secure(listener.getsockname()[1], [])
        if context is not None:
            context.sni_callback = lambda _, name, __: secure.names.append(name)
        thread = threading.Thread(target=_answer, args=(listener, context, first), daemon=True)
        thread.start()
        yield secure
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def _answer(listener: socket.socket, context: ssl.SSLContext | None, first: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.settimeout(5)
            with connection, contextlib.suppress(OSError):
                if context is None:
                    connection.recv(4096)
                    connection.sendall(first)
                    continue
                with context.wrap_socket(connection, server_side=True) as spoken:
                    spoken.recv(65536)
                    spoken.sendall(ANSWER)
                    spoken.unwrap()


def ask(
    secure: Secure, profile: TlsProfile = STRICT_TLS, *, host: str = NAME, timeout: float = 5.0
) -> Fetched:
    """Fetch over TLS; an error is raised."""
    guard = Guard(
        allow=[AddressException(host="127.0.0.1", port=secure.port)],
        connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=secure.port)],
    )
    url = f"https://{host}:{secure.port}/rss"
    request = FetchRequest(feed_id="f", url=url, tls=profile, timeout=timeout)
    (answer,) = asyncio.run(fetch_all(guard, [request]))
    if isinstance(answer, BaseException):
        raise answer
    assert isinstance(answer, Fetched)
    return answer


@pytest.fixture(scope="module")
def office() -> trustme.CA:
    """An authority that no system knows."""
    return trustme.CA()


def server_context(issued: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return context


def pem(folder: Path, authority: trustme.CA) -> TlsProfile:
    """A profile that trusts this authority."""
    file = folder / "office.pem"
    authority.cert_pem.write_to_path(str(file))
    return TlsProfile(certificate=str(file))


def test_a_pinned_authority_is_trusted(office: trustme.CA, tmp_path: Path) -> None:
    """The name that is asked for is the one that is told and proved, not the address."""
    with serve_tls(server_context(office.issue_cert(NAME))) as secure:
        assert b"<rss/>" == ask(secure, pem(tmp_path, office)).body
    assert [NAME] == secure.names


def test_an_address_may_be_what_is_proved(office: trustme.CA, tmp_path: Path) -> None:
    """A certificate for a number holds for that number."""
    with serve_tls(server_context(office.issue_cert("127.0.0.1"))) as secure:
        assert b"<rss/>" == ask(secure, pem(tmp_path, office), host="127.0.0.1").body


def test_an_unknown_authority_is_refused(office: trustme.CA) -> None:
    """Self-signed, as operators would say."""
    with (
        serve_tls(server_context(office.issue_cert(NAME))) as secure,
        pytest.raises(CertificateRefused, match="certificate is not accepted") as caught,
    ):
        ask(secure)
    assert str(caught.value).isprintable()


def test_an_unverified_feed_is_read_all_the_same(office: trustme.CA) -> None:
    """Only where the profile says so."""
    with serve_tls(server_context(office.issue_cert("another.example"))) as secure:
        profile = TlsProfile(relax=frozenset({Tls.UNVERIFIED}))
        assert b"<rss/>" == ask(secure, profile).body


def test_an_expired_certificate_is_refused(office: trustme.CA, tmp_path: Path) -> None:
    """Although its authority is trusted."""
    old = datetime.now(UTC) - timedelta(days=2)
    issued = office.issue_cert(NAME, not_before=old, not_after=old + timedelta(days=1))
    with (
        serve_tls(server_context(issued)) as secure,
        pytest.raises(CertificateRefused, match="certificate has expired"),
    ):
        ask(secure, pem(tmp_path, office))


@pytest.mark.parametrize("host", [NAME, "127.0.0.1"])
def test_a_wrong_name_is_refused(host: str, office: trustme.CA, tmp_path: Path) -> None:
    """A certificate for another name proves nothing."""
    with (
        serve_tls(server_context(office.issue_cert("another.example"))) as secure,
        pytest.raises(CertificateRefused, match="mismatch"),
    ):
        ask(secure, pem(tmp_path, office), host=host)


def test_a_missing_intermediate_can_be_pinned(office: trustme.CA, tmp_path: Path) -> None:
    """The intermediate alone is enough, for the office's root may be nowhere to be had."""
    between = office.create_child_ca()
    leaf = between.issue_cert(NAME)
    file = tmp_path / "server.pem"
    file.write_bytes(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serve_tls(context) as secure:
        with pytest.raises(CertificateRefused, match="unable to get local issuer"):
            ask(secure)
        assert b"<rss/>" == ask(secure, pem(tmp_path, between)).body


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "holds no certificate in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\nnonsense", "holds no certificate in PEM form"),
    ],
)
def test_a_certificate_file_that_is_none_is_told(
    contents: bytes | None, words: str, office: trustme.CA, tmp_path: Path
) -> None:
    """One line says which file, and what is wrong with it."""
    file = tmp_path / "pinned.pem"
    if contents is not None:
        file.write_bytes(contents)
    with (
        serve_tls(server_context(office.issue_cert(NAME))) as secure,
        pytest.raises(ConnectFailed) as caught,
    ):
        ask(secure, TlsProfile(certificate=str(file)))
    assert "certificate" == caught.value.code
    assert words in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_renewed_certificate_file_is_read_again(office: trustme.CA, tmp_path: Path) -> None:
    """Whoever mends the file needs no restart."""
    with serve_tls(server_context(office.issue_cert(NAME))) as secure:
        profile = pem(tmp_path, trustme.CA())
        guard = Guard(
            allow=[AddressException(host="127.0.0.1", port=secure.port)],
            connect_to=[ConnectTo(pattern="*", host="127.0.0.1", port=secure.port)],
        )

        request = FetchRequest(feed_id="f", url=f"https://{NAME}/", tls=profile, timeout=5.0)

        async def both() -> list[object]:

            async with HttpFetcher(guard=guard, user_agent="x", spacing=0.0) as fetcher:
                first = await asyncio.gather(fetcher.fetch(request), return_exceptions=True)
                pem(tmp_path, office)
                return [*first, await fetcher.fetch(request)]

        first, second = asyncio.run(both())
    assert isinstance(first, CertificateRefused)
    assert isinstance(second, Fetched)


@pytest.mark.parametrize("host", [".example", f"{'a' * 64}.example"])
def test_a_name_that_tls_refuses_is_never_connected(host: str, office: trustme.CA) -> None:
    """No connection is opened that nobody would close."""
    with serve_tls(server_context(office.issue_cert(NAME))) as secure:
        with pytest.raises(ConnectFailed, match="no connection could be made"):
            ask(secure, host=host)
        gc.collect()
    assert [] == secure.names


def test_plain_http_behind_https_is_told() -> None:
    """What answers does not speak TLS."""
    with (
        serve_tls(None, b"HTTP/1.1 400 Bad Request\r\n\r\n") as secure,
        pytest.raises(ConnectFailed, match="no secure connection") as caught,
    ):
        ask(secure)
    assert "connect_failed" == caught.value.code


def test_a_server_that_hangs_up_in_the_handshake_refuses() -> None:
    """As fsc.go.kr does with visitors from abroad (quirk B3)."""
    with serve_tls(None) as secure, pytest.raises(Refused, match="hung up") as caught:
        ask(secure)
    assert "refused" == caught.value.code


def weak_context(folder: Path) -> ssl.SSLContext:
    """A server with a key of 1024 bits."""
    file = folder / "weak.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-days", "1"),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    file.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(file)
    return context


def test_a_weak_key_needs_the_relaxation(tmp_path: Path) -> None:
    """old-ciphers lets a short key pass and keeps the verification."""
    strict = TlsProfile(certificate=str(tmp_path / "cert.pem"))
    with serve_tls(weak_context(tmp_path)) as secure:
        with pytest.raises(CertificateRefused, match="key too weak"):
            ask(secure, strict)
        relaxed = replace(strict, relax=frozenset({Tls.OLD_CIPHERS}))
        assert b"<rss/>" == ask(secure, relaxed).body
        with pytest.raises(CertificateRefused):
            ask(secure, TlsProfile(relax=frozenset({Tls.OLD_CIPHERS})))


def test_newest_tls_can_be_left_out(office: trustme.CA, tmp_path: Path) -> None:
    """tls-1.2 offers nothing newer."""
    context = server_context(office.issue_cert(NAME))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    strict = pem(tmp_path, office)
    with serve_tls(context) as secure:
        assert b"<rss/>" == ask(secure, strict).body
        with pytest.raises(ConnectFailed, match="no secure connection"):
            ask(secure, replace(strict, relax=frozenset({Tls.TLS_1_2})))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("relax", [frozenset[Tls](), frozenset({Tls.OLD_CIPHERS})])
def test_the_oldest_tls_is_never_spoken(
    relax: frozenset[Tls], office: trustme.CA, tmp_path: Path
) -> None:
    """TLS 1.0 and 1.1 are past relaxing."""
    context = server_context(office.issue_cert(NAME))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1
    with serve_tls(context) as secure, pytest.raises(ConnectFailed, match="no secure connection"):
        ask(secure, replace(pem(tmp_path, office), relax=relax))


def of_profile(relax: frozenset[Tls]) -> ssl.SSLContext:

    return TlsContexts(ssl.create_default_context).of(TlsProfile(relax=relax))


@pytest.mark.parametrize(
    ("relax", "reads"),
    [
        (Tls.LEGACY_RENEGOTIATION, lambda context: bool(context.options & 0x4)),
        (Tls.TLS_1_2, lambda context: context.maximum_version == ssl.TLSVersion.TLSv1_2),
        (Tls.UNVERIFIED, lambda context: context.verify_mode == ssl.CERT_NONE),
    ],
)
def test_a_profile_relaxes_what_it_names(
    relax: Tls, reads: Callable[[ssl.SSLContext], bool]
) -> None:
    """One thing, and only where it is named."""
    assert reads(of_profile(frozenset({relax})))
    assert not reads(of_profile(frozenset()))
    assert not reads(of_profile(frozenset(Tls) - {relax}))


def test_one_context_for_each_profile() -> None:
    """A context is expensive: it is made once."""

    contexts = TlsContexts(ssl.create_default_context)
    relaxed = TlsProfile(relax=frozenset({Tls.TLS_1_2}))
    assert contexts.of(relaxed) is contexts.of(TlsProfile(relax=frozenset({Tls.TLS_1_2})))
    assert contexts.of(relaxed) is not contexts.of(STRICT_TLS)
