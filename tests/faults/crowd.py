"""Two hundred good feeds on as many hosts, and some that never answer."""

from __future__ import annotations

import random

from tests.faults.documents import feed
from tests.faults.fault import Fault, Titles, fault, reads
from tests.faults.slow import no_answer
from tests.faults.wire import Exchange, Reply, Serve

CROWD = 200
SILENT = 12
SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"


def titles(number: int) -> Titles:
    """The titles of one of them, all words its own: nothing is to be folded."""
    dice = random.Random(number)  # noqa: S311 - words, not secrets
    return tuple(
        " ".join("".join(dice.choices(SYLLABLES, k=4)) for _ in range(4)) for _ in range(3)
    )


def good(number: int) -> Serve:
    """A feed with a validator."""
    tag = f'"{number}"'

    async def serve(exchange: Exchange) -> None:
        if exchange.headers.get("if-none-match") == tag:
            await exchange.answer(Reply(status=304, reason="Not Modified"))
        else:
            await exchange.answer(feed(*titles(number), headers=(("ETag", tag),)))

    return serve


GOOD = tuple(f"office-{number}" for number in range(CROWD))
QUIET = tuple(f"silent-{number}" for number in range(SILENT))

FAULTS: tuple[Fault, ...] = (
    *(fault(name, good(n), reads(*titles(n))) for n, name in enumerate(GOOD)),
    *(fault(name, no_answer, reads()) for name in QUIET),
)
