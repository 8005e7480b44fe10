"""The command ``aggregator``: its options, its verbs, and how errors leave it.

A verb's module is imported only when the verb is used, so that ``--help`` answers at once.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import keyword
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from aggregator import __version__
from aggregator.domain.errors import AggregatorError, UsageError

if TYPE_CHECKING:
    from aggregator.bootstrap import App

INTERRUPTED = 130
OUTPUT_FAULTS = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT})
"""What may be wrong with the place that standard output goes to."""
COLLECTED_AFTER = 50_000
"""Objects made before Python looks for cycles among them. It would after 700, and every import and
every visit makes thousands that stay: a tenth of a command's time went into looking."""

EARLIEST, LATEST = 1990, 2200
"""The years that ``--now`` may lie in."""

VERBS = {
    "demo": ("demo", "Show it all: draft and publish issue No. 48 from built-in feeds."),
    "run": ("daemon", "Run the daemon: fetch by schedule, draft, serve the site."),
    "scheduler": ("dispatch", "Hand out what is due to workers; of several one leads."),
    "worker": ("dispatch", "Take jobs from the queue in PostgreSQL, on any machine."),
    "web": ("daemon", "Serve the site, the status pages and the desk alone."),
    "check": ("documents", "Check the configuration, or show what a feed document becomes."),
    "discover": ("discovery", "Find the feeds of a page, or its list, as a TOML block."),
    "import": ("subscriptions", "Make feeds of the subscriptions that another program keeps."),
    "export": ("subscriptions", "Print the configured feeds as OPML."),
    "refresh": ("feeds", "Fetch feeds now, curate what is new, rebuild the site."),
    "status": ("feed_status", "Show how each feed is."),
    "doctor": ("doctor", "Look at configuration, database, machine and settings; change nothing."),
    "digest": ("digest", "Show, or send, what changed with the feeds since it was last told."),
    "capture": (
        "captures",
        "Keep what a feed's server sends, as it comes; make a test case of it.",
    ),
    "rebuild": ("rebuild", "Make items and stories again of kept documents, and compare."),
    "items": ("feeds", "List stored items."),
    "stories": ("stories", "List stories: folded items with their section."),
    "search": ("searching", "Find stories by words, whatever is stored of them."),
    "explain": ("stories", "Say why a story is folded and placed as it is."),
    "why": ("why", "Say why something is missing, or where it is."),
    "lab": ("lab", "Try other rules on stored stories: what is gained, lost, moved."),
    "suggestions": ("suggestions", "Say which rules would have decided as editors did."),
    "changes": ("changes", "Show what sources changed in releases that were picked or published."),
    "evaluate": ("evaluation", "Say how right the rules are on labelled rows."),
    "draft": ("issues", "Show the issue in the making; fill its free places when due."),
    "accept": ("issues", "Put a story into the draft."),
    "drop": ("issues", "Take a story out of the draft."),
    "add": ("issues", "Type an item into the draft."),
    "split": ("verdicts", "Take members out of a story, into one of their own."),
    "merge": ("verdicts", "Make one story of several."),
    "verdicts": ("verdicts", "List, or take back, what editors said of stories as a whole."),
    "log": ("logbook", "Show who did what, when, from what to what, and why."),
    "lint": ("lint", "Say what is wrong with an issue before it is published."),
    "publish": ("issues", "Publish the draft and rebuild the site."),
    "correct": ("corrections", "Put a published issue right, in the open."),
    "corrections": ("corrections", "List what was put right in published issues."),
    "mail": ("mailing", "Send issues by mail, try one out, or see what was sent."),
    "hub": ("hub", "Tell the WebSub hub which feeds changed, or see what it was told."),
    "translation": ("translation", "Export or import translations as PO files."),
    "user": ("users", "Say who may work at the desk, and let them in."),
}
"""Verb, its module in this package, and its line in the help."""


@dataclass(slots=True)
class State:
    """What the options before the verb said. The program's parts are made when first asked for.

    ``environ`` is where secrets and AGG_DATABASE come from: the process's own environment, or the
    demo's, which holds nothing of it, as the demo must never write into a configured database.
    """

    config: Path
    now: datetime | None
    verbose: bool
    environ: Mapping[str, str]
    _app: App | None = field(default=None)

    def moment(self) -> datetime:
        """When the work is done, in UTC: what ``--now`` says, else the machine's clock."""
        from aggregator.calendar.clocks import FixedClock, SystemClock

        return (FixedClock(self.now) if self.now else SystemClock()).now()

    def app(self) -> App:
        """The wired program; raises ConfigError and the errors of opening the store."""
        if self._app is None:
            from aggregator.bootstrap import open_app

            self._app = open_app(self.config, now=self.now, environ=self.environ)
        return self._app

    def synced(self) -> App:
        """The wired program, for a verb that writes: the configured feeds are in the store."""
        app = self.app()
        app.sync()
        return app

    def close(self) -> None:
        """Give back what was opened."""
        if self._app is not None:
            self._app.close()
            self._app = None


class OutputClosed(Exception):
    """The reader of our output has gone, as ``| head`` does."""


class VerbGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every verb, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The verb's command, from its module."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"aggregator.cli.{VERBS[cmd_name][0]}")
        # A function cannot be called "import".
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(module, name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Carry the verb out. Raises OutputClosed where nobody reads its output any more."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # click would end the program with status 1, although nothing failed.
            raise OutputClosed from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; without a zone it is one in Asia/Seoul."""

    name = "time"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """Parse, or fail with an example."""
        if isinstance(value, datetime):
            return value
        try:
            parsed = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no ISO time such as 2024-03-04T10:00+09:00", param, ctx)
        if not EARLIEST <= parsed.year <= LATEST:
            self.fail(f"{value!r} is not between {EARLIEST} and {LATEST}", param, ctx)
        from aggregator.domain.items import SEOUL

        return parsed if parsed.tzinfo else parsed.replace(tzinfo=SEOUL)


@click.group(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("feeds.toml"),
    envvar="AGG_CONFIG",
    show_default=True,
    help="The configuration file.",
)
@click.option(
    "--now", type=Instant(), help="Work as if it were this time (ISO 8601, KST without a zone)."
)
@click.option("--verbose", "-v", is_flag=True, help="Log every step to standard error.")
@click.version_option(__version__, prog_name="aggregator")
@click.pass_context
def aggregator(ctx: click.Context, config: Path, now: datetime | None, *, verbose: bool) -> None:
    """Aggregate public press feeds into a curated newsletter and a combined Atom feed.

    Exit status: 0 fine, 1 work failed, 2 wrong use or configuration.
    """
    from aggregator.cli.logs import set_up_logs
    from aggregator.config.secrets import with_secrets

    set_up_logs(verbose=verbose)
    environ = with_secrets(os.environ) if ctx.obj is None else ctx.obj
    state = State(config=config, now=now, verbose=verbose, environ=environ)
    ctx.obj = state
    ctx.call_on_close(state.close)


def run_verb(args: Sequence[str], *, environ: Mapping[str, str]) -> None:
    """Carry out one command line as ``main`` does, in another environment, and let errors
    through to the caller."""
    aggregator.main(list(args), prog_name="aggregator", standalone_mode=False, obj=environ)


def main() -> NoReturn:
    """Carry out the command line; every error is clear lines on standard error and a status."""
    gc.set_threshold(COLLECTED_AFTER)
    _stand_in_for_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        _check_arguments(sys.argv[1:])
        result = aggregator.main(prog_name="aggregator", standalone_mode=False)
        sys.stdout.flush()
    except AggregatorError as error:
        _complain(str(error))
        sys.exit(error.exit_status)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _complain(error.format_message() + _help_hint(error))
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except (BrokenPipeError, OutputClosed):
        _forget_output()
        sys.exit(0)
    except OSError as error:
        if error.errno not in OUTPUT_FAULTS:
            raise
        _forget_output()
        _complain(f"cannot write the output: {error.strerror}")
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _forget_output() -> None:
    """Send what is still buffered nowhere: Python would complain about it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stand_in_for_closed() -> None:
    """Give a closed standard stream (``>&-``) an empty one in its place."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for the whole run
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _check_arguments(args: Sequence[str]) -> None:
    """Raise UsageError for an argument that is no text: it could be neither stored nor printed."""
    for arg in args:
        try:
            arg.encode()
        except UnicodeEncodeError:
            raise UsageError(f"the argument {arg!a} is not UTF-8 text") from None


def _complain(message: str) -> None:
    # Who closed standard error does not want to know; the exit status still says it.
    with contextlib.suppress(BrokenPipeError):
        for line in message.splitlines():
            click.echo(f"aggregator: {line}", err=True)


def _help_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f" (see {context.command_path} --help)" if context else ""
