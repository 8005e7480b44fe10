"""What every test shares: skips told at the end, and turned into failures when CI asks for it."""

from __future__ import annotations

import compileall
import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

PROGRAM = Path(__file__).parents[1] / "aggregator"
REQUIRE = "AGG_REQUIRE"
"""Set to ``all`` where everything that tests use is installed: a skip is then a failure."""
LONG = 600
"""Seconds after which a test that is marked ``long`` counts as hanging."""

_running: set[str] = set()

# A machine that is busy otherwise makes an example slow, and no test is about time. Examples are the same at each run, so
# that a change is blamed for nothing that was there before; `--hypothesis-profile=explore` looks for others.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the program once, also where Python is told to keep nothing: hundreds of tests start
    the command, and each would compile all of it."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(PROGRAM, quiet=2)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take long, each of which one process carries out: one that came
    last would be waited for alone. Such a test may also take longer until it counts as hanging."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG))


@pytest.fixture(autouse=True)
def default_logs() -> None:
    """A command that an earlier test carried out may have set how much is logged."""
    structlog.reset_defaults()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure under AGG_REQUIRE=all."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(REQUIRE) == "all":
        report.outcome = "failed"
        report.longrepr = f"skipped, but {REQUIRE}=all: {_reason(report)}"
    return report


def pytest_runtest_logstart(nodeid: str) -> None:
    """A test begins, in whichever process."""
    _running.add(nodeid)


def pytest_runtest_logfinish(nodeid: str) -> None:
    """It has ended."""
    _running.discard(nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with what was interrupted, and with a table of what was skipped and why."""
    for nodeid in sorted(_running):
        terminalreporter.write_line(f"INTERRUPTED {nodeid}")
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    by_reason: dict[str, list[str]] = defaultdict(list)
    for report in skipped:
        by_reason[_reason(report)].append(report.nodeid.partition("::")[0])
    terminalreporter.section("skipped, and why")
    for reason, files in sorted(by_reason.items()):
        terminalreporter.write_line(f"{len(files):>4}  {reason}")
        for file in sorted(set(files)):
            terminalreporter.write_line(f"        {file}")
    terminalreporter.write_line(
        "The packages that turn these on are in .ci/run; AGG_REQUIRE=all forbids skipping."
    )


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
