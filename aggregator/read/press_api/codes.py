"""What the interface and the gateway in front of it say when they refuse a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.domain.errors import ApiError
from aggregator.text.clean import clean_title

GOOD = frozenset({"0"})
"""Codes of an answer, without leading zeros: this service says 0 where others say 00 (quirk H2)."""

NO_DATA = "3"
"""Nothing was released in the days asked for; that is no error."""

_SHOWN = 80
"""Characters of foreign words that a message repeats."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to be refused: our slug, the interface's own name of it ("" where it has none that is
    known), and what is wrong and what would be right, as part of a sentence."""

    reason: str
    name: str
    says: str


REFUSALS: Mapping[str, Refusal] = {
    "1": Refusal("application_error", "APPLICATION_ERROR", "it broke down; ask again later"),
    "2": Refusal("database_error", "DB_ERROR", "its database failed; ask again later"),
    "4": Refusal("http_error", "HTTP_ERROR", "its own connection failed; ask again later"),
    "5": Refusal(
        "service_timeout", "SERVICETIMEOUT_ERROR", "it took too long itself; ask again later"
    ),
    "10": Refusal(
        "bad_parameter",
        "INVALID_REQUEST_PARAMETER_ERROR",
        "it does not understand a parameter of the address; compare it with the interface's manual",
    ),
    "11": Refusal(
        "missing_parameter",
        "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
        "it misses a parameter; compare the address with the interface's manual",
    ),
    "12": Refusal(
        "no_service",
        "NO_OPENAPI_SERVICE_ERROR",
        "there is no such service at this address, or it has ended; look the address up again",
    ),
    "20": Refusal(
        "access_denied",
        "SERVICE_ACCESS_DENIED_ERROR",
        "the key may not use this service; apply for the data set at data.go.kr",
    ),
    "21": Refusal(
        "key_suspended",
        "TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR",
        "the key is suspended for a while; ask again later",
    ),
    "22": Refusal(
        "limit_exceeded",
        "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
        "the requests of the day are used up; raise every, or apply for more at data.go.kr",
    ),
    "30": Refusal(
        "key_unregistered",
        "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
        "the key is not registered for this service; apply for the data set at data.go.kr, "
        "and wait an hour after that",
    ),
    "31": Refusal(
        "key_expired",
        "DEADLINE_HAS_EXPIRED_ERROR",
        "the key has expired; extend its use at data.go.kr",
    ),
    "32": Refusal(
        "address_unregistered",
        "UNREGISTERED_IP_ERROR",
        "the key may not be used from this machine's address; register it at data.go.kr",
    ),
    "33": Refusal("unsigned_call", "UNSIGNED_CALL_ERROR", "it wants a signed question"),
    "97": Refusal("bad_date", "", "it does not understand the dates that it was asked for"),
    "98": Refusal(
        "window_too_long", "THREE_DAYS_OVER_ERROR", "it was asked for more than three days at once"
    ),
    "99": Refusal("unknown", "UNKNOWN_ERROR", "it does not say what is wrong; ask again later"),
}
"""By code without leading zeros: the common list of data.go.kr, and 97 and 98 of this service."""

KEY_MISSING = Refusal(
    "key_missing", "SERVICE_KEY_IS_NULL", "no key came with the question; see key_env of the feed"
)
KEY_REFUSED = Refusal(
    "key_refused",
    "",
    "it does not take the key; compare it with the one that data.go.kr shows, and wait an hour "
    "after it was issued",
)

_NAMED = (KEY_MISSING, *(refusal for refusal in REFUSALS.values() if refusal.name))
_CODE = re.compile(
    r"""(?:returnReasonCode|resultCode)["']?\s{0,9}[>:]\s{0,9}["']?(?:<!\[CDATA\[)?\s{0,9}0*([0-9]{1,4})\b"""
)


def bare_code(code: str) -> str:
    """A code as it is compared: without blanks and leading zeros."""
    code = code.strip()
    return code.lstrip("0") or code[:1]


def refused(code: str, words: str = "") -> ApiError:
    """The error for a refusal with ``code`` and the server's own ``words``; a name in them says
    more than the code (the gateway sends 20 for a missing key)."""
    code = bare_code(code)
    refusal = _by_name(f"{words} {code}") or REFUSALS.get(code)
    if refusal is None:
        shown = clean_title(words)[:_SHOWN] or "without a word"
        message = (
            f"the interface refused with a code that is not known, {code[:_SHOWN]!r} ({shown})"
        )
        return ApiError(message, reason="unknown")
    return _error(refusal, code if code.isdigit() else "")


def refusal_in(head: bytes, *, status: int | None = None) -> ApiError | None:
    """The error that the beginning of an answer tells of, whatever form it has; None where it tells
    of none, and for a page, which may be about anything. ``status``: 401 without a word is a key that
    is not taken."""
    text = head.decode("utf-8", "replace")
    found = _CODE.search(text)
    code = bare_code(found[1]) if found else ""
    refusal = None
    if not is_page(text):
        refusal = _by_name(text) or REFUSALS.get(code)
    if refusal is not None and not found and refusal.name in _VAGUE:
        # "HTTP ERROR 502" is what any server says.
        refusal = None
    if refusal is None and status == _UNAUTHORISED:
        refusal = KEY_REFUSED
    return None if refusal is None else _error(refusal, code)


def is_page(text: str) -> bool:
    """Whether the beginning of a text is that of an HTML page."""
    return _PAGE.search(text) is not None


_UNAUTHORISED = 401
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title)[\s>]", re.IGNORECASE)
_VAGUE = frozenset({"APPLICATION_ERROR", "DB_ERROR", "HTTP_ERROR", "UNKNOWN_ERROR"})
"""Names that count only where the interface's or the gateway's envelope is around them."""


def _by_name(words: str) -> Refusal | None:
    folded = words.upper().replace(" ", "_")
    return next((refusal for refusal in _NAMED if refusal.name in folded), None)


def _error(refusal: Refusal, code: str) -> ApiError:
    told = ", ".join(part for part in (f"code {code}" if code else "", refusal.name) if part)
    message = f"the interface refused: {refusal.says}{f' ({told})' if told else ''}"
    return ApiError(message, reason=refusal.reason)
