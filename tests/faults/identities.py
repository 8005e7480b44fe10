"""Entries that change who they are, and feeds that claim to be others."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import item, rss_text, xml
from tests.faults.fault import Fault, ends, fault, reads, reads_something
from tests.faults.good import releases
from tests.faults.wire import Exchange, Reply, Serve, in_turn, says

THREE = ("첫째 보도자료", "둘째 보도자료", "셋째 보도자료")
NEW_IDS = ends(Health.OK, Health.IDS_CHANGED, titles=THREE)


def document(*items: str) -> Reply:
    return xml(rss_text(items).encode())


def renewed(*, links: bool) -> Serve:
    """Other guids at every visit, and other links too where ``links``."""

    async def serve(exchange: Exchange) -> None:
        turn = exchange.turn
        entries = [
            item(
                title,
                guid=f"{turn}-{number}-{hash((turn, number)) & 0xFFFF}",
                link=f"https://releases.example/{turn if links else 0}/{number}",
            )
            for number, title in enumerate(THREE)
        ]
        await exchange.answer(document(*entries))

    return serve


def stolen() -> Reply:
    """Ids, links and titles of a good feed, with other words."""
    entries = [item(title).replace("첫 문단", "훔친 문단") for title in releases(1)]
    return document(*entries)


def defaced() -> Reply:
    """Ids and links of a good feed under titles of its own."""
    entries = [
        item(title).replace(f"<title>{title}", f"<title>가로챈 {number}")
        for number, title in enumerate(releases(2))
    ]
    return document(*entries)


A = (item("번갈아 오는 첫째"), item("번갈아 오는 둘째"))
B = (item("번갈아 오는 셋째"), item("번갈아 오는 넷째"))
ALL = ("번갈아 오는 첫째", "번갈아 오는 둘째", "번갈아 오는 셋째", "번갈아 오는 넷째")
SAME = (item("한 제목", guid="same"), item("다른 제목", guid="same"))


def without(part: str) -> Reply:
    """Two entries that lack a part."""
    entries = []
    for number in (1, 2):
        title = f"{part} 없는 보도자료 {number}"
        whole = item(title, guid="" if part in {"guid", "both"} else None)
        if part in {"link", "both"}:
            whole = item(title, link="", guid="" if part == "both" else None)
        if part == "date":
            start = whole.index("<pubDate>")
            whole = whole[:start] + whole[whole.index("</pubDate>") + len("</pubDate>") :]
        entries.append(whole)
    return document(*entries)


def untitled() -> Reply:
    entries = [item(f"제목 {n}").replace(f"<title>제목 {n}</title>", "") for n in (1, 2)]
    return document(*entries, item("제목 있는 이웃"))


ODD_LINKS = {
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "file": "file:///etc/passwd",
    "broken": "http://[::1",
    "blank": "   ",
    "lines": "http://a.example/\r\nSet-Cookie: a=b",
}

FAULTS: tuple[Fault, ...] = (
    fault("ids-new-each-visit", renewed(links=False), reads(*THREE), NEW_IDS, NEW_IDS),
    fault("ids-and-links-new", renewed(links=True), reads(*THREE), NEW_IDS, NEW_IDS),
    fault("ids-colliding", says(document(*SAME)), reads_something()),
    fault("ids-all-zero", says(document(*(item(t, guid="0") for t in THREE))), reads_something()),
    fault("ids-stolen", says(stolen()), reads(*releases(1))),
    fault("ids-stolen-titles", says(defaced()), reads("가로챈 0", "가로챈 1", "가로챈 2")),
    fault("copies", says(document(*[item("만 번 같은 것")] * 10_000)), reads("만 번 같은 것")),
    fault(
        "vanishing",
        in_turn(document(*A, *B), document(*B), document(), document(*A, *B)),
        reads(*ALL),
        reads(*ALL),
        ends(Health.EMPTY, titles=ALL),
        reads(*ALL),
    ),
    fault(
        "alternating",
        in_turn(document(*A), document(*B), document(*A), document(*B)),
        reads(*ALL[:2]),
        ends(Health.OK, Health.IDS_CHANGED, titles=ALL),
        ends(Health.OK, Health.IDS_CHANGED, titles=ALL),
        ends(Health.OK, Health.IDS_CHANGED, titles=ALL),
    ),
    fault(
        "title-edited",
        in_turn(
            document(item("처음 제목", guid="e", link="https://releases.example/e")),
            document(item("고친 제목", guid="e", link="https://releases.example/e")),
        ),
        reads("처음 제목"),
        reads("고친 제목"),
    ),
    fault("no-guid", says(without("guid")), reads("guid 없는 보도자료 1", "guid 없는 보도자료 2")),
    fault("no-link", says(without("link")), reads("link 없는 보도자료 1", "link 없는 보도자료 2")),
    fault("no-both", says(without("both")), reads("both 없는 보도자료 1", "both 없는 보도자료 2")),
    fault(
        "no-date",
        says(without("date")),
        ends(
            Health.OK,
            Health.UNSURE_DATES,
            titles=("date 없는 보도자료 1", "date 없는 보도자료 2"),
        ),
    ),
    fault("no-title", says(untitled()), reads_something()),
    fault(
        "nothing-at-all", says(document("<item></item>", item("온전한 이웃"))), reads("온전한 이웃")
    ),
    fault("guid-huge", says(document(item("긴 이름", guid="g" * 1_000_000))), reads("긴 이름")),
    *(
        fault(
            f"link-{name}",
            says(document(item("주소가 이상한 것", link=link))),
            reads("주소가 이상한 것"),
        )
        for name, link in ODD_LINKS.items()
    ),
)
