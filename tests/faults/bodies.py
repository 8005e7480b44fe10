"""Whole answers that are no feed, or half of one, or call themselves something else."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import XML, atom, item, plain, rss, rss_text
from tests.faults.fault import End, Fault, ends, fault, reads
from tests.faults.wire import Exchange, Reply, Serve, says

HTML = ends(Health.HTML)
NO_FEED = ends(Health.NOT_A_FEED)
NO_TEXT = ends(Health.UNDECODABLE, Health.NOT_A_FEED)
EMPTY = ends(Health.EMPTY)

MAINTENANCE = """<!DOCTYPE html><html lang="ko"><head><title>시스템 점검 중</title></head>
<body><h1>서비스 점검 안내</h1><p>불편을 드려 죄송합니다.</p></body></html>""".encode()
LOGIN = """<html><head><meta charset="utf-8"><title>로그인</title></head><body>
<form action="/login.do" method="post"><input name="id"/></form></body></html>""".encode()
FRAMESET = b"""<html><head><title>RSS</title></head><frameset rows="0,*"><frame src="a.html">
<frame src="/rss.do"></frameset></html>"""
XHTML = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0
Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>오류알림</title></head><body/></html>"""
SCRIPT = b"<script>location.href='/login.do';</script>"
REFRESH = b'<html><head><meta http-equiv="refresh" content="0; url=/index.do"></head></html>'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Length 99 >>\nstream\n" + bytes(range(256)) * 20
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(255, -1, -1)) * 20
HWP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + bytes(range(256)) * 20


def in_pre() -> bytes:
    text = rss("가").decode().replace("&", "&amp;").replace("<", "&lt;")
    return f"<html><head><title>view</title></head><body><pre>{text}</pre></body></html>".encode()


def serves(body: bytes, media_type: str = XML) -> Serve:
    return says(Reply(headers=(("Content-Type", media_type),), body=body))


def called(name: str, media_type: str, **headers: str) -> Fault:
    """A feed that is called something else."""
    title = f"{name}라는 보도자료"
    more = tuple((key.replace("_", "-"), value) for key, value in headers.items())
    reply = Reply(headers=(("Content-Type", media_type), *more), body=rss(title))
    return fault(f"called-{name}", says(reply), reads(title))


def other(name: str, body: bytes, end: End, media_type: str = XML) -> Fault:
    """Something else in place of a feed."""
    return fault(f"instead-{name}", serves(body, media_type), end)


async def names_the_canary(exchange: Exchange) -> None:
    """A body that is an address, which careless readers open."""
    await exchange.answer(
        plain(f"http://127.0.0.1:{exchange.place.canary}/".encode(), "text/plain")
    )


def truncated(name: str, keep: str, end: End) -> Fault:
    """A document that is cut off after the first ``keep``."""
    text = rss("앞에 온 보도자료", "뒤에 온 보도자료")
    cut = text.index(keep.encode()) + len(keep.encode())
    return fault(f"truncated-{name}", serves(text[:cut]), end)


JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "보도자료", "items": [
{"id": "1", "url": "https://releases.example/1", "title": "제이슨 보도자료",
"content_text": "첫 문단이다.", "date_published": "2026-03-02T09:00:00+09:00"}]}""".encode()
PLACEHOLDER = rss_text([item("NOT SUPPORT", date=" ")]).encode()

FAULTS: tuple[Fault, ...] = (
    other("maintenance", MAINTENANCE, HTML, "text/html; charset=utf-8"),
    other("maintenance-as-xml", MAINTENANCE, HTML),
    other("login", LOGIN, HTML, "text/html"),
    other("frameset", FRAMESET, HTML, "text/html"),
    other("xhtml", XHTML.encode(), HTML),
    other("script", SCRIPT, HTML | NO_FEED, "text/html"),
    other("refresh", REFRESH, HTML, "text/html"),
    other("feed-in-pre", in_pre(), HTML, "text/html"),
    other("nothing", b"", EMPTY),
    other("blanks", b" \r\n\t" * 3000, EMPTY),
    other("byte-order-mark", b"\xef\xbb\xbf", EMPTY),
    other("no-items", rss(), EMPTY),
    other("no-entries", atom(), EMPTY),
    other("json", b'{"status": "OK", "list": [1, 2, 3]}', NO_FEED, "application/json"),
    other("json-garbage", b'{"version": "https://jsonfeed.org/version/1.1", "items": [{', NO_FEED),
    other(
        "json-items-wrong",
        b'{"version": "https://jsonfeed.org/version/1", "items": 7}',
        NO_FEED | EMPTY,
    ),
    other("json-deep", b"[" * 100_000, NO_FEED | ends(Health.TOO_DEEP)),
    other(
        "json-deep-object",
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b'{"a":' * 100_000,
        NO_FEED | ends(Health.TOO_DEEP),
    ),
    other(
        "json-number",
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"9" * 100_000 + b"]}",
        NO_FEED | EMPTY,
    ),
    other("words", "준비 중입니다.".encode(), NO_FEED, "text/plain; charset=utf-8"),
    other("opml", b'<opml version="2.0"><body><outline text="a"/></body></opml>', NO_FEED),
    other("sitemap", b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', NO_FEED),
    other("soap", b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', NO_FEED),
    other("xml-error", b"<error><code>99</code></error>", NO_FEED),
    other("path", b"/etc/passwd", NO_FEED),
    other("file-address", b"file:///etc/passwd", NO_FEED),
    fault("instead-address", names_the_canary, NO_FEED),
    other("png", PNG, NO_TEXT, "image/png"),
    other("pdf", PDF, NO_TEXT, "application/pdf"),
    other("zip", ZIP, NO_TEXT, "application/zip"),
    other("hwp", HWP, NO_TEXT, "application/x-hwp"),
    other("zeros", b"\0" * 4_000_000, NO_TEXT | EMPTY),
    other("octets", bytes(range(256)) * 4000, NO_TEXT),
    other("placeholder", PLACEHOLDER, EMPTY | reads() | reads("NOT SUPPORT")),
    truncated("after-item", "</item>", reads("앞에 온 보도자료")),
    truncated("in-title", "뒤에 온", reads("앞에 온 보도자료")),
    truncated("in-first-item", "앞에 온", EMPTY | NO_FEED | reads()),
    truncated("in-root", "<rss ver", NO_FEED | EMPTY),
    truncated("in-declaration", "<?xml", NO_FEED | EMPTY),
    called("text-plain", "text/plain"),
    called("text-html", "text/html; charset=utf-8"),
    called("octet-stream", "application/octet-stream"),
    called("image-png", "image/png"),
    called("json", "application/json"),
    called("nothing", ""),
    called("garbage", '%s%n{0}; charset=; charset="; x'),
    called("long", "text/xml; " + "x=y; " * 5000),
    called("attachment", XML, Content_Disposition='attachment; filename="../../../etc/passwd"'),
    called(
        "format-strings",
        XML,
        Server="%s%s%n ${jndi:ldap://127.0.0.1/a} \x1b[31m",
        Link="</a>; rel={0}",
    ),
    fault("json-feed", serves(JSON_FEED, "application/feed+json"), reads("제이슨 보도자료")),
    fault("atom-honest", serves(atom("아톰 하나", "아톰 둘")), reads("아톰 하나", "아톰 둘")),
    fault(
        "junk-after-end",
        serves(rss("끝난 뒤의 말") + b"<!-- generated --><script>x</script>"),
        reads("끝난 뒤의 말"),
    ),
    fault(
        "warning-before",
        serves(
            b"<b>Warning</b>: mysql_connect() in /www/rss.php<br/>\n" + rss("경고 뒤의 보도자료")
        ),
        reads("경고 뒤의 보도자료") | NO_FEED | HTML,
    ),
    fault(
        "two-documents",
        serves(rss("첫 문서") + rss("둘째 문서")),
        reads("첫 문서") | reads("첫 문서", "둘째 문서"),
    ),
)
