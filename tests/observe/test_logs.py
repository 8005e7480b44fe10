"""Lines that the program logs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from aggregator.observe import configure_logging, get_logger


class Terminal(StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object() -> None:
    """Event, level, logger, time in UTC and the figures, with Korean as it is."""
    stream = StringIO()
    configure_logging(level=logging.INFO, stream=stream)
    get_logger("aggregator.desk").info("feed_refreshed", feed_id="국토부", new=3)
    (line,) = lines(stream)
    assert str(line.pop("timestamp")).endswith("Z")
    assert {
        "event": "feed_refreshed",
        "level": "info",
        "logger": "aggregator.desk",
        "feed_id": "국토부",
        "new": 3,
    } == line
    assert "국토부" in stream.getvalue()


def test_other_peoples_lines_take_the_same_way() -> None:
    """The standard logging module's lines have the same shape, with their arguments filled in."""
    stream = StringIO()
    configure_logging(level=logging.WARNING, stream=stream)
    logging.getLogger("uvicorn.error").warning("port %d", 80)
    assert [("port 80", "uvicorn.error", "warning")] == [
        (line["event"], line["logger"], line["level"]) for line in lines(stream)
    ]


@pytest.mark.parametrize("name", ["httpx", "apscheduler.scheduler", "asyncio"])
def test_the_chatty_are_heard_from_warnings_on(name: str) -> None:
    """Their steps are of no use to an operator, their warnings are."""
    stream = StringIO()
    configure_logging(level=logging.DEBUG, stream=stream)
    logging.getLogger(name).info("step")
    logging.getLogger(name).warning("trouble")
    assert ["trouble"] == [line["event"] for line in lines(stream)]


def test_below_the_level_nothing_is_written() -> None:
    """Errors only means errors only."""
    stream = StringIO()
    configure_logging(level=logging.ERROR, stream=stream)
    get_logger("a").info("no")
    get_logger("a").error("yes")
    assert ["yes"] == [line["event"] for line in lines(stream)]


def test_set_up_again_nothing_is_written_twice() -> None:
    """The last set-up alone holds."""
    first, second = StringIO(), StringIO()
    for stream in (first, second):
        configure_logging(level=logging.INFO, stream=stream)
    get_logger("a").info("once")
    assert ("", 1) == (first.getvalue(), len(lines(second)))


def test_a_fault_is_one_line_with_its_traceback() -> None:
    """Also an exception is one JSON object."""
    stream = StringIO()
    configure_logging(level=logging.ERROR, stream=stream)
    get_logger("a").error("broke_down", exc_info=ZeroDivisionError("by nothing"))
    (line,) = lines(stream)
    assert "ZeroDivisionError" in str(line["exception"])


HOSTILE = "\x1b[2J\x1b]0;gotcha\x07\x9b31m\r\u202e"


def test_a_terminal_is_not_steered_by_what_is_logged() -> None:
    """Control characters from a feed are shown, not obeyed, wherever in the line they stand."""
    stream = Terminal()
    configure_logging(level=logging.INFO, stream=stream)
    get_logger("a").info("feed_refreshed", error=HOSTILE, many=[HOSTILE], words=f"a {HOSTILE}")
    logging.getLogger("uvicorn.error").warning("got %s", HOSTILE)
    text = stream.getvalue()
    assert 2 == len(text.splitlines())
    assert text.replace("\n", "").isprintable()
    assert "feed_refreshed" in text


def test_a_file_holds_no_control_characters_either() -> None:
    """JSON escapes those that a pager would obey."""
    stream = StringIO()
    configure_logging(level=logging.INFO, stream=stream)
    get_logger("a").info("e", error=HOSTILE)
    assert not {"\x1b", "\x07", "\r", "\x9b"} & set(stream.getvalue())
    assert HOSTILE == lines(stream)[0]["error"]
