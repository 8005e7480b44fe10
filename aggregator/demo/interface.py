"""The open-data interface of the demo: what it says to a question, with a key that opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl

from aggregator.demo.documents import Release, document, releases
from aggregator.domain.items import SEOUL

FEED = "korea-kr-press"
PATH = "/1371000/pressReleaseService/pressReleaseList"
KEY = "the+key/of/the/demo+opens/nothing/else=="
ENVIRON: Mapping[str, str] = {"DATA_GO_KR_KEY": KEY}
"""The demo's whole environment."""

LONGEST = timedelta(days=3)


def answer(query: str, title: str, language: str) -> tuple[HTTPStatus, bytes]:
    """Status and body for the ``query`` of an address: the releases of at most three days, or why
    there are none. There are too few for pages."""
    asked = dict(parse_qsl(query.replace("+", "%2B")))
    if asked.get("serviceKey") != KEY:
        name = (
            "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"
            if asked.get("serviceKey")
            else "SERVICE_KEY_IS_NULL"
        )
        return HTTPStatus.UNAUTHORIZED, _gateway("30" if asked.get("serviceKey") else "20", name)
    start, end = (_day(asked.get(name, "")) for name in ("startDate", "endDate"))
    if start is None or end is None:
        return HTTPStatus.OK, _refusal("97", "DATE_ERROR")
    if end - start >= LONGEST:
        return HTTPStatus.OK, _refusal("98", "THREE_DAYS_OVER_ERROR")
    found = [release for release in releases(FEED) if start <= _day_of(release) <= end]
    return HTTPStatus.OK, document(FEED, title, language, chosen=found)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=SEOUL).date()
    except ValueError:
        return None


def _day_of(release: Release) -> date:
    return date.fromisoformat(str(release.at)[:10])


def _refusal(code: str, name: str) -> bytes:
    header = f"<header><resultCode>{code}</resultCode><resultMsg>{name}</resultMsg></header>"
    return f"<response>{header}<body/></response>".encode()


def _gateway(code: str, name: str) -> bytes:
    told = (
        f"<errMsg>SERVICE ERROR</errMsg><returnAuthMsg>{name}</returnAuthMsg>"
        f"<returnReasonCode>{code}</returnReasonCode>"
    )
    return (
        f"<OpenAPI_ServiceResponse><cmmMsgHeader>{told}</cmmMsgHeader></OpenAPI_ServiceResponse>"
    ).encode()
