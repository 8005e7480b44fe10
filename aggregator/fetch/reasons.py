"""Why an exchange failed, in words that an operator understands."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


def plain_reason(error: BaseException) -> str:
    """What lies at the bottom of ``error``, "" where nothing known does.

    Never repeats what a server said: that may be long and may hold control characters.
    """
    return next((reason for cause in causes(error) if (reason := _words(cause))), "")


def causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything that led to it."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        cause = queue.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            queue.extend(cause.exceptions)
        queue += [cause.__cause__, cause.__context__]


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be agreed on"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "the connection was reset"
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return "there is no way to it from here"
    return ""
