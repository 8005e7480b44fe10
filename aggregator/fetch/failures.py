"""Bad answers and broken exchanges as the errors that the rest of the program knows."""

from __future__ import annotations

import ssl
from datetime import timedelta
from http import HTTPStatus

from aggregator.domain.errors import (
    BadStatus,
    CertificateRefused,
    ConnectFailed,
    FetchError,
    Gone,
    Refused,
    Throttled,
)
from aggregator.fetch.dialling import ProxyRefused
from aggregator.fetch.reasons import causes, plain_reason
from aggregator.fetch.tls import BadCertificateFile
from aggregator.fetch.wire import Broken, NotHttp

_NOT_WANTED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})
_HUNG_UP = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLEOFError)
_UNITS = ((1024 * 1024, "MiB"), (1024, "KiB"))


def bad_status(
    status: int, *, host: str, feed_id: str, url: str, wait: timedelta | None
) -> FetchError:
    """The error for an answer without a feed; ``wait`` is what its Retry-After asks for."""
    says = f"{host} answered {_status_words(status)}"
    if status in _NOT_WANTED:
        refused = Refused(f"{says}: visitors from here are not wanted", feed_id=feed_id, url=url)
        refused.status = status
        return refused
    if status == HTTPStatus.GONE:
        return Gone(f"{says}: the feed has ended", feed_id=feed_id, url=url, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None
    ):
        until = f" and wants to be left alone for {duration(wait)}" if wait else ""
        return Throttled(says + until, feed_id=feed_id, url=url, status=status, retry_after=wait)
    return BadStatus(says, feed_id=feed_id, url=url, status=status)


def broken_exchange(
    error: Exception, *, host: str, feed_id: str, url: str, proxied: bool
) -> ConnectFailed:
    """The error for an exchange that broke off, or was none."""
    who = f"{host} through its proxy" if proxied else host
    kind, says = _kind(error)
    return kind(f"no answer from {who}: {says}", feed_id=feed_id, url=url)


def _kind(error: Exception) -> tuple[type[ConnectFailed], str]:
    if isinstance(error, (NotHttp, BadCertificateFile)):
        # A file of ours that cannot be read is no fault of the server, but proves nothing either.
        is_ours = isinstance(error, BadCertificateFile)
        return CertificateRefused if is_ours else ConnectFailed, str(error)
    if isinstance(error, ProxyRefused):
        return ConnectFailed, f"the proxy answered {_status_words(error.status)}"
    reason = plain_reason(error)
    found = list(causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in found):
        return CertificateRefused, reason
    if isinstance(error, Broken) and not error.early:
        return ConnectFailed, reason or "it hung up before the answer was whole"
    hung_up = isinstance(error, Broken) and error.__cause__ is None
    if hung_up or any(isinstance(cause, _HUNG_UP) for cause in found):
        return Refused, "it hung up before it said anything"
    return ConnectFailed, reason or "no connection could be made"


def _status_words(status: int) -> str:
    """The status with its registered phrase; what the server calls it is not repeated."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def size(count: int) -> str:
    """A number of bytes in the unit that a person would choose."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


def duration(time: timedelta) -> str:
    """A time in the unit that a person would choose."""
    seconds = round(time.total_seconds())
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            count = seconds // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
