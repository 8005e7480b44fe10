"""Every error the program raises on purpose, drawn once and then written in that order.

    AggregatorError            code, exit_status, retryable
    ├── ConfigError            problems (all of them, each with its place)
    ├── UsageError             a call that cannot be carried out as asked
    ├── FetchError             feed_id, url, hops, head
    │   ├── BlockedAddress     an address that no feed may reach
    │   ├── ConnectFailed
    │   │   ├── CertificateRefused
    │   │   └── Refused        the server does not speak with visitors from here
    │   ├── FetchTimeout
    │   ├── TooLarge
    │   ├── TooManyRedirects
    │   ├── HostHeld           until; the host asked to be left alone, and was
    │   └── BadStatus          status
    │       ├── Gone           410
    │       └── Throttled      retry_after
    ├── ReadError
    │   ├── Undecodable        bytes that are no text
    │   ├── NotAFeed           text that is no feed
    │   │   ├── HtmlPage       an HTML page in its place
    │   │   └── EmptyBody      nothing at all
    │   ├── TooDeep            nested too deeply
    │   ├── ReaderKilled       reading took too long or too much memory
    │   ├── SelectorsMatchNothing
    │   ├── ApiError           reason; a press-release interface refused the question
    │   ├── NotAList           no list of subscriptions
    │   ├── UnreadableFile     a file that cannot be opened
    │   └── BadRow             a labelled row that is not as it should be
    ├── StoreError
    │   ├── StoreBusy          another process holds the database
    │   ├── StoreFull          the disk is full
    │   ├── StoreUnavailable   the database cannot be opened or written
    │   └── SchemaMismatch     the database belongs to another version
    ├── DispatchError          the queue of jobs cannot be used
    ├── EditError
    │   ├── NotFound           nothing answers to what was asked for
    │   ├── Ambiguous          more than one thing does
    │   ├── Conflict           somebody else changed it first
    │   ├── LintRefused        findings; the lint does not let the issue out
    │   ├── IllegalTransition  the issue is not in a state that allows this
    │   └── AccountRefused     reason; an account that cannot be made or changed as asked
    │       └── PasswordRefused
    ├── TranslationError       a PO file that cannot be taken
    ├── NotifyError            the operator could not be told
    └── PublishError
        ├── RenderError        a page or feed could not be made
        ├── SinkError          a file could not be written
        └── PortTaken          the address to serve on is in use

``code`` is one slug for logs, the status page and the documentation. The message is one line that
says what, where and what would be right; the command line prints it and nothing else.
Exit status: 1 work failed, 2 wrong use or configuration.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from aggregator.domain.findings import Finding
from aggregator.domain.net import Hop
from aggregator.domain.problems import Problem


class AggregatorError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    retryable: ClassVar[bool] = False


class ConfigError(AggregatorError):
    """The configuration was refused; ``problems`` holds every mistake found, in file order."""

    code = "config"
    exit_status = 2

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


class UsageError(AggregatorError):
    """What was asked for cannot be done as asked."""

    code = "usage"
    exit_status = 2


class FetchError(AggregatorError):
    """A feed could not be fetched; ``url`` is the address of the hop that failed, ``hops`` are the
    redirects that led there, ``head`` the first bytes of what came and ``status`` the status that it
    came with, if anything did."""

    code = "fetch_failed"
    retryable = True

    def __init__(self, message: str, *, feed_id: str, url: str) -> None:
        self.feed_id = feed_id
        self.url = url
        self.hops: tuple[Hop, ...] = ()
        self.head = b""
        self.status: int | None = None
        super().__init__(message)


class BlockedAddress(FetchError):
    """The address is private, loopback or otherwise not for feeds, and no exception names it."""

    code = "blocked_address"
    retryable = False


class ConnectFailed(FetchError):
    """Name not found, connection refused or reset, or TLS failed."""

    code = "connect_failed"


class CertificateRefused(ConnectFailed):
    """The server's certificate does not prove who it is: expired, self-signed, of another name, or
    with a missing intermediate."""

    code = "certificate"


class Refused(ConnectFailed):
    """The server breaks off or answers 403 or 451: visitors from here are not wanted."""

    code = "refused"


class FetchTimeout(FetchError):
    """The whole exchange did not end within its deadline."""

    code = "timeout"


class TooLarge(FetchError):
    """The body is larger than ``max_bytes``, as sent or after decompression."""

    code = "too_large"


class TooManyRedirects(FetchError):
    """More hops than allowed, or a hop without a usable target."""

    code = "redirect_loop"


class HostHeld(FetchError):
    """Nothing was sent: the host asked to be left alone until ``until`` (UTC)."""

    code = "host_held"

    def __init__(self, message: str, *, feed_id: str, url: str, until: datetime) -> None:
        self.until = until
        super().__init__(message, feed_id=feed_id, url=url)


class BadStatus(FetchError):
    """The server answered with a status that carries no feed."""

    code = "bad_status"

    def __init__(self, message: str, *, feed_id: str, url: str, status: int) -> None:
        super().__init__(message, feed_id=feed_id, url=url)
        self.status: int = status


class Gone(BadStatus):
    """410: the feed has ended."""

    code = "gone"


class Throttled(BadStatus):
    """The server asked to come less often (429, or 503 with Retry-After). ``retry_after`` is the
    time that it asked for, None where it named none."""

    code = "throttled"

    def __init__(
        self, message: str, *, feed_id: str, url: str, status: int, retry_after: timedelta | None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(message, feed_id=feed_id, url=url, status=status)


class ReadError(AggregatorError):
    """A document could not be read."""

    code = "read_failed"


class Undecodable(ReadError):
    """The bytes are no text in any charset that a feed may have."""

    code = "undecodable"


class NotAFeed(ReadError):
    """The document is text, but neither RSS nor Atom (an HTML page, say, or nothing at all)."""

    code = "not_a_feed"


class HtmlPage(NotAFeed):
    """An HTML page came in place of a feed: a notice of maintenance, a guide, a login."""

    code = "html_page"


class EmptyBody(NotAFeed):
    """The answer has no content."""

    code = "empty_body"


class TooDeep(ReadError):
    """The document is nested more deeply than any honest one."""

    code = "too_deep"


class ReaderKilled(ReadError):
    """Reading the document took longer or more memory than allowed, and was ended."""

    code = "reader_killed"


class SelectorsMatchNothing(ReadError):
    """The selectors of a list find no item on its page: the page was rebuilt, or is another."""

    code = "no_match"


class ApiError(ReadError):
    """A press-release interface refused the question, or there is no key to ask it with; ``reason``
    says why in a slug (docs/errors.md)."""

    code = "api_error"

    def __init__(self, message: str, *, reason: str) -> None:
        self.reason = reason
        super().__init__(message)


class NotAList(ReadError):
    """A file to import is no list of subscriptions that the program knows."""

    code = "not_a_list"


class UnreadableFile(ReadError):
    """A file named on the command line cannot be opened."""

    code = "unreadable_file"


class BadRow(ReadError):
    """A file of labelled rows has one that is not as it should be, or none; the message names the
    line."""

    code = "bad_row"


class StoreError(AggregatorError):
    """The database could not do what was asked; nothing was changed."""

    code = "store_failed"


class StoreBusy(StoreError):
    """Another process held the database for longer than the busy timeout."""

    code = "store_busy"
    retryable = True


class StoreFull(StoreError):
    """There is no space left for the database."""

    code = "store_full"


class StoreUnavailable(StoreError):
    """The database cannot be opened: missing rights, a directory in its place, not a database."""

    code = "store_unavailable"


class SchemaMismatch(StoreError):
    """The database was made by a newer version of the program."""

    code = "schema_mismatch"


class EditError(AggregatorError):
    """An editor's change could not be made."""

    code = "edit_failed"


class NotFound(EditError):
    """No story, member of one, pick, issue or ruling answers to the words given."""

    code = "not_found"


class Ambiguous(EditError):
    """Several stories, or members of one, answer to the words given; ``candidates`` are their
    titles."""

    code = "ambiguous"

    def __init__(self, message: str, *, candidates: tuple[str, ...]) -> None:
        self.candidates = candidates
        super().__init__(message)


class Conflict(EditError):
    """The row changed since it was read."""

    code = "conflict"


class LintRefused(EditError):
    """The lint found what blocks publishing: red findings, or amber ones that nobody took on. The
    message has a line for each; ``findings`` are all, red or amber."""

    code = "lint"

    def __init__(self, message: str, *, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(message)


class IllegalTransition(EditError):
    """The issue's status does not allow the step."""

    code = "illegal_transition"


class AccountRefused(EditError):
    """An account cannot be made or changed as asked; ``reason`` says why in a slug, which the
    catalogue has words for (``people.refused``)."""

    code = "account_refused"

    def __init__(self, message: str, *, reason: str) -> None:
        self.reason = reason
        super().__init__(message)


class PasswordRefused(AccountRefused):
    """The password is too short, too long, or among those that are tried first."""

    code = "password_refused"


class TranslationError(AggregatorError):
    """A translation file cannot be read, or belongs to another issue or language."""

    code = "translation"
    exit_status = 2


class NotifyError(AggregatorError):
    """The operator could not be told what changed: the mail or the webhook was not taken."""

    code = "notify_failed"
    retryable = True


class PublishError(AggregatorError):
    """Something could not be published."""

    code = "publish_failed"


class RenderError(PublishError):
    """A page or feed could not be made."""

    code = "render_failed"


class SinkError(PublishError):
    """A file under ``public/`` could not be written; the file that stood there still does."""

    code = "sink_failed"


class PortTaken(PublishError):
    """Another program already listens on the address."""

    code = "port_taken"
