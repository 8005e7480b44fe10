"""Bytes that claim to be other text than they are, or are none."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import item, rss, rss_text
from tests.faults.fault import End, Fault, ends, fault, reads, reads_something
from tests.faults.wire import Reply, says

NO_TEXT = ends(Health.UNDECODABLE, Health.NOT_A_FEED)
TITLE = "스마트도시 데이터 허브 구축 착수"


def declared(encoding: str, title: str = TITLE) -> str:
    return rss_text([item(title)], prolog=f'<?xml version="1.0" encoding="{encoding}"?>')


def bare(title: str = TITLE) -> str:
    return rss_text([item(title)], prolog="<!-- no declaration -->")


def served(name: str, body: bytes, end: End | None = None, header: str = "text/xml") -> Fault:
    """A document under a Content-Type; its one title is read right unless said otherwise."""
    reply = Reply(headers=(("Content-Type", header),), body=body)
    return fault(f"bytes-{name}", says(reply), end or reads(TITLE))


BAD_UTF_8 = rss("X스마트도시").replace(b"X", b"\xff\xfe\xc0\x80")
OVERLONG = rss("X스마트도시").replace(b"X", b"\xc0\xbcscript\xc0\xbe")
SURROGATES = rss("X스마트도시").replace(b"X", b"\xed\xa0\xbd\xed\xb8\x80")
NUL = rss("스마트X도시").replace(b"X", b"\0")
CONTROLS = rss("스마트X도시").replace(b"X", b"\x0b\x1b\x7f")
UTF_7 = rss("X").replace(b"X", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-")

FAULTS: tuple[Fault, ...] = (
    served("utf-16", declared("utf-16").encode("utf-16")),
    served("utf-16-big", b"\xfe\xff" + declared("utf-16").encode("utf-16-be")),
    served("utf-16-no-mark", declared("utf-16").encode("utf-16-le")),
    served("utf-16-big-no-mark", declared("utf-16").encode("utf-16-be")),
    served("utf-16-says-utf-8", declared("utf-8").encode("utf-16")),
    served("utf-8-says-utf-16", declared("utf-16").encode()),
    served("utf-32", declared("utf-32").encode("utf-32"), reads(TITLE) | NO_TEXT),
    served(
        "cp949-says-euc-kr", declared("euc-kr", f"{TITLE} 뷁").encode("cp949"), reads(f"{TITLE} 뷁")
    ),
    served("cp949-says-utf-8", declared("utf-8").encode("cp949")),
    served("cp949-says-nothing", bare().encode("cp949")),
    served("utf-8-says-euc-kr", declared("euc-kr").encode()),
    served("header-says-latin", declared("utf-8").encode(), header="text/xml; charset=iso-8859-1"),
    served("header-says-euc-kr", declared("utf-8").encode(), header="text/xml; charset=euc-kr"),
    served("header-unknown", declared("utf-8").encode(), header="text/xml; charset=x-klingon"),
    served("header-names-a-coding", declared("utf-8").encode(), header="text/xml; charset=zip"),
    served("declares-unknown", declared("x-klingon").encode()),
    served("declares-a-path", declared("../../etc/passwd").encode()),
    served("declares-base64", declared("base64").encode()),
    served("mark-twice", b"\xef\xbb\xbf\xef\xbb\xbf" + declared("utf-8").encode()),
    served("blank-before", b"\r\n  \n" + declared("utf-8").encode()),
    served("xml-1-1", rss_text([item(TITLE)], prolog='<?xml version="1.1"?>').encode()),
    served("xml-9-9", rss_text([item(TITLE)], prolog='<?xml version="9.9"?>').encode()),
    served("broken-utf-8", BAD_UTF_8, reads_something()),
    served("overlong", OVERLONG, reads_something() | NO_TEXT),
    served("surrogates", SURROGATES, reads_something()),
    served("nul", NUL, reads_something()),
    served("controls", CONTROLS, reads_something()),
    served("utf-7", UTF_7, reads_something() | NO_TEXT, header="text/xml; charset=utf-7"),
    served("utf-7-declared", UTF_7.replace(b"utf-8", b"utf-7"), reads_something() | NO_TEXT),
)
