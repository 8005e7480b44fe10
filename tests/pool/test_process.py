"""Documents read in real child processes, which sleep, grow, crash and lie."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from aggregator.domain.errors import (
    ApiError,
    HtmlPage,
    NotAFeed,
    ReaderKilled,
    ReadError,
    TooDeep,
)
from aggregator.pool.limits import MEGABYTE, Limits
from aggregator.pool.process import ProcessReader
from aggregator.ports.reading import Document, Page
from aggregator.services.trials.inspect import document_reader, inspect_document
from tests.fixtures.records import NOW, make_feed

OBEDIENT = "tests.pool.handlers:obedient"
READING = "aggregator.services.trials.inspect:document_reader"
DEFAULT = Limits()
QUICK = Limits(seconds=0.4, memory=32 * MEGABYTE, large_memory=64 * MEGABYTE, kept=8 * MEGABYTE)

_Result = TypeVar("_Result")


def told(deed: str) -> Document:
    """A document that tells its reader what to do."""
    return Document(body=deed.encode(), feed=make_feed(), now=NOW)


@asynccontextmanager
async def reading(
    limits: Limits = DEFAULT, handler: str = OBEDIENT
) -> AsyncIterator[ProcessReader]:
    """A reader that is closed behind the test."""
    reader = ProcessReader(handler, limits=limits)
    try:
        yield reader
    finally:
        await reader.aclose()


def with_reader(
    test: Callable[[ProcessReader], Awaitable[_Result]],
    limits: Limits = DEFAULT,
) -> _Result:
    """What a test sees of a reader of its own."""

    async def run() -> _Result:
        async with reading(limits) as reader:
            return await test(reader)

    return asyncio.run(run())


async def title(reader: ProcessReader, deed: str) -> str:
    """What a child said."""
    return (await reader.read(told(deed))).parsed.title


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def ends(pid: int, within: float = 3.0) -> bool:
    """Whether a process is gone in time."""
    until = time.monotonic() + within
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_a_document_is_read_in_a_child_as_here() -> None:
    """Every field of feed and items comes back the same."""
    body = (
        "<rss version='2.0'><channel><title>보도</title><item><title>스마트도시 😀 공모</title>"
        "<link>https://molit.example/1</link><author>국토교통부</author>"
        "<enclosure url='https://molit.example/1.hwp' length='3' type='application/x-hwp'/>"
        "<pubDate>Tue, 20 Feb 2024 09:00:00 +0900</pubDate><description>본문이다.</description>"
        "</item></channel></rss>"
    ).encode()
    document = Document(body=body, feed=make_feed(), now=NOW, url="https://molit.example/rss")

    async def read() -> object:
        reader = ProcessReader(READING, [{"국토교통부": "molit"}])
        try:
            return await reader.read(document)
        finally:
            await reader.aclose()

    assert document_reader({"국토교통부": "molit"})(document) == asyncio.run(read())


def test_a_document_arrives_with_all_that_came_with_it() -> None:
    """Feed, instant, charset, address, further pages and the reader's own arguments."""
    document = Document(
        body=b"echo " + b"x" * 2_000_000,
        feed=make_feed("mois"),
        now=datetime(2024, 3, 4, 1, 0, 5, tzinfo=UTC),
        charset="euc-kr",
        media_type="text/xml",
        url="https://mois.example/rss",
        further=(Page(body=b""), Page(body=b"abc", charset="utf-8")),
    )

    async def read() -> tuple[str, object]:
        reader = ProcessReader(OBEDIENT, ["국토", "교통"])
        try:
            found = await reader.read(document)
        finally:
            await reader.aclose()
        return found.parsed.title, found.items[0].published

    said, published = asyncio.run(read())

    assert "mois|euc-kr|text/xml|https://mois.example/rss|국토|교통|2000005|0|3" == said
    assert getattr(published, "at", None) == document.now


def test_nothing_starts_before_the_first_document() -> None:
    """A reader that reads nothing costs nothing."""

    async def test() -> list[str]:
        async with reading():
            return children_of(os.getpid())

    assert [] == asyncio.run(test())


def children_of(pid: int) -> list[str]:
    """The processes that one has started and that are alive."""
    done = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    rows = (line.split() for line in done.stdout.splitlines())
    own = [row[0] for row in rows if not row[1].startswith("Z")]
    return [pid for pid in own if "template" in command_of(pid)]


def command_of(pid: str) -> str:
    """How a process was started."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    return ""


@pytest.mark.parametrize(
    ("deed", "kind", "message"),
    [
        ("sleep 30", ReaderKilled, "reading the document took longer than 0.4 seconds and was ended"),
        ("spin", ReaderKilled, "reading the document took longer than 0.4 seconds and was ended"),
        ("exit 7", ReaderKilled, "reading the document ended its process (with status 7)"),
        ("exit 0", ReaderKilled, "reading the document ended its process (with status 0)"),
        ("signal SIGKILL", ReaderKilled, "reading the document ended its process (by SIGKILL)"),
        ("signal SIGABRT", ReaderKilled, "reading the document ended its process (by SIGABRT)"),
        ("crash", ReaderKilled, "reading the document ended its process (by SIGSEGV)"),
        (
            "hog 1000",
            ReaderKilled,
            "reading the document takes more memory than allowed (32 MB) and was ended",
        ),
        ("recurse", TooDeep, "the document is nested too deeply to be read"),
        ("page", HtmlPage, "an HTML page titled '점검'"),
        ("api", ApiError, "the interface says no (22)"),
        ("trip", ReadError, "the document could not be read: KeyError in the program"),
        (
            "surrogate",
            ReadError,
            "the document could not be read: UnicodeEncodeError in the program",
        ),
    ],
)  # fmt: skip
def test_a_bad_document_costs_itself_alone(deed: str, kind: type[ReadError], message: str) -> None:
    """It ends in one named error, and the next one is read at once."""

    limits = QUICK if "0.4 seconds" in message else replace(QUICK, seconds=10)

    async def test(reader: ProcessReader) -> tuple[ReadError, str]:
        with pytest.raises(ReadError) as raised:
            await reader.read(told(deed))
        return raised.value, await title(reader, "say next")

    error, following = with_reader(test, limits)

    assert (kind, message, "next") == (type(error), str(error), following)


def test_the_fields_of_an_error_come_back() -> None:
    """The code of an interface is told with its error."""

    async def test(reader: ProcessReader) -> str:
        with pytest.raises(ApiError) as raised:
            await reader.read(told("api"))
        return raised.value.reason

    assert "22" == with_reader(test)


def test_a_mistake_of_the_program_is_logged_with_its_place() -> None:
    """The operator gets one line, the log the traceback."""

    async def test(reader: ProcessReader) -> None:
        with pytest.raises(ReadError):
            await reader.read(told("trip"))

    with capture_logs() as lines:
        with_reader(test)

    assert ["reading_broke_down"] == [line["event"] for line in lines]
    assert "in _trip" in lines[0]["exception"]


def test_the_next_child_comes_quickly() -> None:
    """A fork, not a start with all imports."""

    async def test(reader: ProcessReader) -> float:
        await reader.read(told("say first"))
        with pytest.raises(ReaderKilled):
            await reader.read(told("exit 1"))
        started = time.monotonic()
        await reader.read(told("say next"))
        return time.monotonic() - started

    assert 1.0 > with_reader(test)


def test_two_are_read_at_once_and_a_third_waits() -> None:
    """As many as there are children; the one that waits loses nothing of its time."""

    async def test(reader: ProcessReader) -> tuple[float, list[str]]:
        await asyncio.gather(title(reader, "sleep 0.1"), title(reader, "sleep 0.1"))
        started = time.monotonic()
        said = await asyncio.gather(*(title(reader, "sleep 0.5") for _ in range(3)))
        return time.monotonic() - started, list(said)

    seconds, said = with_reader(test, replace(QUICK, seconds=5))

    assert ["slept"] * 3 == said
    assert 0.95 < seconds < 1.45


def test_a_killed_document_leaves_its_neighbour_alone() -> None:
    """What is read beside it comes out whole."""

    async def test(reader: ProcessReader) -> list[str | BaseException]:
        deeds = (title(reader, deed) for deed in ("sleep 0.5", "crash"))
        return list(await asyncio.gather(*deeds, return_exceptions=True))

    slept, crashed = with_reader(test)

    assert "slept" == slept
    assert isinstance(crashed, ReaderKilled)


def test_answers_belong_to_their_questions() -> None:
    """Fifty documents at once, each with its own answer."""

    async def test(reader: ProcessReader) -> list[str]:
        return list(await asyncio.gather(*(title(reader, f"say {n}") for n in range(50))))

    assert [str(n) for n in range(50)] == with_reader(test)


def test_large_documents_are_read_one_at_a_time() -> None:
    """Two of them together would take more memory than one may; small ones need not wait."""

    async def test(reader: ProcessReader) -> tuple[float, float]:
        await reader.read(told("say first"))
        large = f"sleep 0.4{' ' * 100}"
        started = time.monotonic()
        both = asyncio.gather(title(reader, large), title(reader, large))
        await asyncio.sleep(0.05)
        await reader.read(told("say small"))
        small = time.monotonic() - started
        await both
        return small, time.monotonic() - started

    small, both = with_reader(test, replace(QUICK, seconds=5, large=50))

    assert 0.35 > small
    assert 0.75 < both


def test_a_large_document_may_take_more_memory() -> None:
    """What a small one may not take."""

    async def test(reader: ProcessReader) -> str:
        with pytest.raises(ReaderKilled):
            await reader.read(told("hog 40"))
        return await title(reader, f"hog 40{' ' * 100}")

    assert "40" == with_reader(test, replace(QUICK, seconds=5, large=50))


def test_a_child_that_kept_much_is_replaced() -> None:
    """Its document is read; growth ends with it."""

    async def test(reader: ProcessReader) -> tuple[str, str, int]:
        first = await title(reader, "keep 16")
        return first, await title(reader, "keep 1"), reader.restarts

    first, second, restarts = with_reader(test, replace(QUICK, seconds=5))

    assert first != second
    assert 1 == restarts


def test_a_child_that_kept_little_goes_on() -> None:
    """One process reads many documents."""

    async def test(reader: ProcessReader) -> tuple[set[str], int]:
        return {await title(reader, "pid") for _ in range(20)}, reader.restarts

    pids, restarts = with_reader(test)

    assert (1, 0) == (len(pids), restarts)


def test_a_cancelled_read_kills_its_child() -> None:
    """Nothing goes on reading for nobody."""

    async def test(reader: ProcessReader) -> tuple[bool, str]:
        pid = int((await title(reader, "pid")).split()[0])
        task = asyncio.create_task(title(reader, "sleep 30"))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return ends(pid), await title(reader, "say next")

    assert (True, "next") == with_reader(test)


def test_one_that_waits_can_be_cancelled() -> None:
    """Its place in the line is free."""

    async def test(reader: ProcessReader) -> list[str]:
        busy = [asyncio.create_task(title(reader, "sleep 0.3")) for _ in range(2)]
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(title(reader, "say never"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return [*await asyncio.gather(*busy), await title(reader, "say next")]

    assert ["slept", "slept", "next"] == with_reader(test)


def test_a_child_that_died_at_rest_costs_nothing() -> None:
    """The kernel may end one that reads nothing."""

    async def test(reader: ProcessReader) -> tuple[str, int]:
        pid = int((await title(reader, "pid")).split()[0])
        os.kill(pid, signal.SIGKILL)
        ends(pid)
        return await title(reader, "say next"), reader.restarts

    assert ("next", 1) == with_reader(test)


def test_a_template_that_died_is_started_again() -> None:
    """At most what is being read is lost."""

    async def test(reader: ProcessReader) -> list[str]:
        pid, parent = (int(number) for number in (await title(reader, "pid")).split())
        os.kill(parent, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        ends(pid)
        ends(parent)
        return [await title(reader, "say one"), await title(reader, "say two")]

    assert ["one", "two"] == with_reader(test)


def test_a_reader_outlives_its_event_loop() -> None:
    """A command runs one loop for each of its parts."""
    reader = ProcessReader(OBEDIENT, limits=QUICK)

    async def three() -> list[str]:
        return list(await asyncio.gather(*(title(reader, f"say {n}") for n in range(3))))

    async def last() -> list[str]:
        try:
            return await three()
        finally:
            await reader.aclose()

    assert [["0", "1", "2"]] * 3 == [
        asyncio.run(three()),
        asyncio.run(three()),
        asyncio.run(last()),
    ]


def test_a_closed_reader_reads_again() -> None:
    """With new processes."""

    async def test(reader: ProcessReader) -> bool:
        first = await title(reader, "pid")
        await reader.aclose()
        await reader.aclose()
        return first != await title(reader, "pid")

    assert with_reader(test)


def test_closing_ends_every_process() -> None:
    """Children, busy ones too, and what forked them."""

    async def test(reader: ProcessReader) -> list[bool]:
        pids = [int(pid) for pid in (await title(reader, "pid")).split()]
        busy = asyncio.create_task(title(reader, "sleep 30"))
        await asyncio.sleep(0.05)
        await reader.aclose()
        with pytest.raises(ReaderKilled):
            await busy
        return [ends(pid) for pid in pids]

    assert [True, True] == with_reader(test)


def test_what_cannot_be_started_is_said() -> None:
    """A handler that fails is an error of each document, not a wait."""

    async def test() -> str:
        async with reading(handler="tests.pool.handlers:unmakeable") as reader:
            with pytest.raises(ReaderKilled) as raised:
                await reader.read(told("say x"))
            return str(raised.value)

    assert "no process can be started that reads" in asyncio.run(test())


HELD = """
import asyncio, contextlib, sys
from tests.pool.test_process import OBEDIENT, title
from aggregator.pool.process import ProcessReader

async def main():
    reader = ProcessReader(OBEDIENT)
    pids = await title(reader, "pid")
    print(pids, flush=True)
    await title(reader, sys.argv[1])

with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())
"""


@pytest.fixture(params=["sleep 60", "spin"])
def parent(request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A program that is reading a document that takes long, and its processes."""
    with subprocess.Popen(
        [sys.executable, "-c", HELD, request.param],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        time.sleep(0.1)
        yield process, pids
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_children_do_not_outlive_a_killed_parent(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    """Not even one that is busy."""
    process, pids = parent
    process.kill()

    assert [True, True] == [ends(pid) for pid in pids]


def test_ctrl_c_is_for_the_parent(parent: tuple[subprocess.Popen[str], list[int]]) -> None:
    """It ends its children; nobody prints a traceback."""
    process, pids = parent
    for pid in pids:
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    survived = [is_alive(pid) for pid in pids]
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=5)

    assert [True, True] == survived
    assert "" == said
    assert [True, True] == [ends(pid) for pid in pids]


def test_a_child_cannot_write_files(tmp_path: Path) -> None:
    """Nothing that reads has to."""

    async def test(reader: ProcessReader) -> None:
        await reader.read(told(f"write {tmp_path / 'canary'}"))

    with pytest.raises(ReadError, match="OSError"):
        with_reader(test)
    assert b"" == (tmp_path / "canary").read_bytes()


def test_a_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and passwords are in the parent's environment, not in its children's."""
    monkeypatch.setenv("DATA_GO_KR_KEY", "geheim")

    async def test(reader: ProcessReader) -> str:
        return await title(reader, "environ")

    assert "DATA_GO_KR_KEY" not in with_reader(test).split()


def test_a_child_imports_only_what_reads() -> None:
    """Neither database nor command line nor HTTP."""

    async def run() -> list[str]:
        async with reading(handler="tests.pool.handlers:reading_modules") as reader:
            return (await title(reader, "modules")).split()

    modules = set(asyncio.run(run()))

    assert {"feedparser", "nh3", "msgspec"} <= modules
    assert set() == modules & {
        "alembic", "apscheduler", "asyncio", "click", "httpx", "jinja2", "lxml", "rich",
        "sqlalchemy", "starlette", "structlog", "uvicorn", "pytest",
    }  # fmt: skip


@pytest.mark.parametrize(
    "lie",
    [
        "020000000003c10102",  # a payload that is no message
        "0200ffffffff",  # four gigabytes
        "07000000000100",  # a kind that nobody knows
        "02000000000193" + "00" * 8,  # a record of another shape
        "03000000001494ab" + b"SystemError".hex() + "a1" + "78" + "a0" + "a0" + "000000",
    ],
)
def test_a_lie_is_refused(lie: str) -> None:
    """A reader that was taken over gets nothing but its own document's end."""

    async def test(reader: ProcessReader) -> tuple[str, str]:
        with pytest.raises(ReaderKilled) as raised:
            await reader.read(told(f"blurt {lie}"))
        return str(raised.value), await title(reader, "say next")

    assert (
        "the process that read the document answered what no reader says, and was ended",
        "next",
    ) == with_reader(test, replace(QUICK, seconds=5))


def test_real_documents_fail_with_their_own_errors() -> None:
    """What the reading says of a document in the child is what it says here."""
    body = b"<html><title>x</title></html>"
    with pytest.raises(NotAFeed) as here:
        inspect_document(body, feed=make_feed(), now=NOW)

    async def test() -> NotAFeed:
        reader = ProcessReader(READING, [{}])
        try:
            with pytest.raises(NotAFeed) as raised:
                await reader.read(Document(body=body, feed=make_feed(), now=NOW))
            return raised.value
        finally:
            await reader.aclose()

    there = asyncio.run(test())

    assert (type(here.value), str(here.value)) == (type(there), str(there))
