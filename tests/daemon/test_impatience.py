"""Who does not say what he wants is not waited for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from aggregator.daemon import serving
from aggregator.daemon.serving import ImpatientProtocol

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with the daemon's protocol, whose patience is short."""
    monkeypatch.setattr(serving, "HEADER_SECONDS", 0.3)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        config = uvicorn.Config(
            PlainTextResponse("ok"), log_config=None, lifespan="off", http=ImpatientProtocol
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield bound.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.mark.parametrize("said", [b"", b"GE", REQUEST], ids=["nothing", "a word", "half"])
def test_half_a_request_is_hung_up_on(port: int, said: bytes) -> None:
    """Whatever there is of it."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(said)
        assert b"" == client.recv(100)


def test_a_second_request_has_its_own_time(port: int) -> None:
    """A whole one is answered after another; half a second one is not waited for."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        for _ in range(2):
            client.sendall(REQUEST + b"\r\n")
            answer = b""
            while not answer.endswith(b"ok"):
                answer += client.recv(1000)
            time.sleep(0.4)
        client.sendall(REQUEST)
        assert b"" == client.recv(100)
