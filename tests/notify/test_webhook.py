"""A webhook as a real server on loopback gets it."""

from __future__ import annotations

import asyncio

import pytest

from aggregator.domain.errors import NotifyError
from aggregator.domain.net import Hop
from aggregator.notify.webhook import Webhook
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified
from tests.fixtures.hooks import hooked
from tests.fixtures.posting import PostingFetcher

POSTING = {"text": "출처 3곳에 문제가 있습니다", "ill": 3}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_delivered(status: int) -> None:
    """With or without content in the answer."""
    with hooked(status) as hook:
        asyncio.run(Webhook(PostingFetcher(), hook.url).post(POSTING))

    ((headers, posted),) = hook.got
    assert POSTING == posted
    assert "application/json" == headers["content-type"]
    assert "authorization" not in headers


def test_a_token_is_a_bearer_token() -> None:
    """In its header, and nowhere else."""
    with hooked() as hook:
        asyncio.run(Webhook(PostingFetcher(), hook.url, token="t0ken").post(POSTING))

    assert "Bearer t0ken" == hook.got[0][0]["authorization"]


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_another_status_is_a_failure(status: int) -> None:
    """Named, with the host, and without the path, which may be secret."""
    with hooked(status) as hook, pytest.raises(NotifyError, match=f"answered {status}") as error:
        asyncio.run(Webhook(PostingFetcher(), hook.url).post(POSTING))

    assert "127.0.0.1" in str(error.value)
    assert "s3cret" not in str(error.value)


def test_a_host_that_does_not_answer_is_a_failure() -> None:
    """The fetcher's words without the address's path."""
    with hooked() as hook:
        url = hook.url

    with pytest.raises(NotifyError, match="did not take the digest") as error:
        asyncio.run(Webhook(PostingFetcher(), url).post(POSTING))

    assert "s3cret" not in str(error.value)


class Redirected(PostingFetcher):
    """A fetcher that was sent on before it got an answer."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.hops = (Hop(url="https://chat.example/hook", status=status),)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The answer, with the way to it."""
        return Fetched(
            url=request.url, status=200, body=b"", media_type="", charset="", etag=None,
            last_modified=None, hops=self.hops,
        )  # fmt: skip


def test_a_redirect_that_makes_a_get_of_it_is_a_failure() -> None:
    """What answered well never got the digest."""
    hook = "https://chat.example/hook"
    for status in (301, 302, 303):
        with pytest.raises(NotifyError, match="put its final address into"):
            asyncio.run(Webhook(Redirected(status), hook).post(POSTING))
    for status in (307, 308):
        asyncio.run(Webhook(Redirected(status), hook).post(POSTING))


@pytest.mark.parametrize("token", ["a\r\nX: y", "비밀"])
def test_a_token_that_is_no_header_is_refused(token: str) -> None:
    """Nothing is sent."""
    fetcher = PostingFetcher()
    with pytest.raises(NotifyError, match="AGG_WEBHOOK_TOKEN"):
        asyncio.run(Webhook(fetcher, "http://127.0.0.1:9/x", token=token).post(POSTING))

    assert [] == fetcher.requests
