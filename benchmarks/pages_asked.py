"""How each page of the desk is asked in ``benchmarks/pages.py``, with ids that are there, and what editors
send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import urlencode

from aggregator.bootstrap import App
from aggregator.domain.issues import Issue
from aggregator.domain.stories import Story
from aggregator.services.editing.inbox import inbox
from aggregator.services.editing.issue_at_hand import picked_of, working_issue
from aggregator.services.reports.today import report_today
from aggregator.web.desk.views import query_of

_FAR = 20
"""Pages of the inbox before the one at the end that is looked at."""

Pages = Mapping[str, Mapping[str, str]]
"""By the name of a route what is asked, with its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there: stories of the draft and of the inbox, one of several sources, one that nothing
    placed, the issue in the making, the number that it takes, and the key of a row far in the inbox."""

    issue: Issue
    number: int
    printed: str
    inside: tuple[Story, ...]
    waiting: tuple[Story, ...]
    folded: Story
    unplaced: Story
    far: str
    feed: str
    token: str
    total: int
    late: int

    @property
    def told(self) -> str:
        """The store in a line."""
        return (
            f"undecided: {self.total:,}, {self.late} of them late; in the draft: {len(self.inside)}"
        )


def known_of(app: App) -> Known:
    """What is in a filled store."""
    desk = app.desk
    issue = working_issue(desk)
    page = inbox(desk, issue, size=500)
    first, far = page, page.next
    for _ in range(_FAR):
        page = inbox(desk, issue, after=page.next) if page.next else page
        far = page.next or far
    every = desk.store.story_days(since=issue.window.end)
    few = desk.store.shown_stories(ids=[story_id for story_id, _ in every])
    report = report_today(desk)
    link = app.accounts.link(app.accounts.all()[0].name, by="benchmark")
    return Known(
        issue=issue,
        number=report.working.number,
        printed=_printed(app),
        inside=tuple(one.story for one in picked_of(desk, issue) if one.pick.state.is_in),
        waiting=tuple(row.story for row in first.rows),
        folded=next(one for one in few if len(one.members) > 1),
        unplaced=next(one for one in few if one.placement and not one.placement.section),
        far=far,
        feed=few[0].primary.feed_id,
        token=link.token,
        total=first.total,
        late=report.late,
    )


def _printed(app: App) -> str:
    """An item that the last issue printed."""
    heads = app.desk.store.issue_heads(app.desk.series.id)
    last = next(one for one in reversed(heads) if one.number)
    return next(one for one in picked_of(app.desk, last) if one.pick.state.is_in).story.public_id


def pages_of(known: Known) -> Pages:
    """Every page by the name of its route; the first of each is the page without anything asked."""
    return {**_work(known), **_press(known), **_looking(known), **_doors(known)}


def _work(known: Known) -> Pages:
    story = known.waiting[0].primary
    home, inbox_at, items = "/desk", "/desk/inbox", "/desk/items"
    asked = {
        "of a section": {"section": "trend"},
        "of an office": {"body": story.item.body},
        "of a region": {"region": "seoul"},
        "of a day": {"day": story.day.isoformat()},
        "with a word": {"text": "사업"},
        "with no such word": {"text": "없는낱말"},
        "late ones": {"state": "late"},
        "far behind": {"after": known.far},
        "another item": {"item": known.waiting[40].public_id},
    }
    return {
        "today": {"": home},
        "today_slash": {"": f"{home}/"},
        "inbox": {"": inbox_at} | {told: inbox_at + query_of(one) for told, one in asked.items()},
        "item": {
            "undecided": f"{items}/{known.waiting[1].public_id}",
            "in the draft": f"{items}/{known.inside[0].public_id}",
            "of several sources": f"{items}/{known.folded.public_id}",
        },
        "draft": {"": "/desk/draft"},
        "draft_add": {"": "/desk/draft/add"},
    }


def _press(known: Known) -> Pages:
    last = known.number - 1
    preview = f"/desk/preview/{known.number}/light"
    return {
        "translation": {
            "": "/desk/translation",
            "what is left": "/desk/translation?left=1",
            "published": f"/desk/translation?number={last}",
        },
        "translation_file": {"": "/desk/translation/file"},
        "preview": {"": "/desk/preview", "published": f"/desk/preview?number={last}"},
        "preview_file": {
            "page": f"{preview}/issues/{known.number}/index.html",
            "English": f"{preview}/issues/{known.number}/en/index.html",
            "mail": f"{preview}/mail.ko.html",
            "text": f"{preview}/mail.ko.txt",
            "style": f"{preview}/assets/site.css",
        },
        "issues": {"": "/desk/issues"},
        "issue": {
            "in the making": f"/desk/issues/{known.number}",
            "published": f"/desk/issues/{last}",
        },
        "issue_correct": {"": f"/desk/issues/{last}/correct?item={known.printed}"},
    }


def _looking(known: Known) -> Pages:
    return {
        "search": _searches(known),
        "missing": _missing(known),
        "log": {
            "": "/desk/log",
            "of a person": "/desk/log?person=kim",
            "of an issue": f"/desk/log?issue={known.issue.id}",
            "of an item": f"/desk/log?item={known.inside[0].public_id}",
            "of a title": "/desk/log" + query_of({"item": known.inside[0].primary.item.title}),
            "of a kind": "/desk/log?kind=reject",
            "further back": "/desk/log?after=3000",
        },
        "lab": {"": "/desk/lab"},
        "feeds": {
            "": "/desk/feeds",
            "ill ones": "/desk/feeds?show=ill",
            "by name": "/desk/feeds" + query_of({"q": "보도"}),
        },
        "feed": {"": f"/desk/feeds/{known.feed}"},
        "feed_capture": {"": f"/desk/feeds/{known.feed}/capture"},
        "feed_document": {"": f"/desk/feeds/{known.feed}/document"},
    }


def _searches(known: Known) -> Mapping[str, str]:
    office = known.waiting[0].primary.item.body
    asked: Mapping[str, Mapping[str, str]] = {
        "": {},
        "a common word": {"q": "사업"},
        "a word": {"q": "스마트도시"},
        "a phrase": {"q": '"주민 참여형" 도서관'},
        "one syllable": {"q": "시"},
        "in texts": {"q": "담당자", "texts": "1"},
        "a word that nothing has": {"q": "없는낱말"},
        "a common word of an office": {"q": "사업", "office": office},
        "a rare word of an office": {"q": "스마트도시", "office": office},
        "a common word of an office without any": {"q": "사업", "office": "jeju"},
        "a common word of a region": {"q": "사업", "region": "seoul"},
        "a common word of a section": {"q": "사업", "section": "trend"},
        "a common word of an issue": {"q": "사업", "issue": str(known.issue.id)},
        "a common word of a day": {"q": "사업", "since": "2026-10-05", "until": "2026-10-05"},
    }
    return {told: "/desk/search" + query_of(one) for told, one in asked.items()}


def _missing(known: Known) -> Mapping[str, str]:
    primary = known.waiting[2].primary.item
    asked = {
        "a link": primary.link,
        "a link written otherwise": primary.link.replace("https://", "http://www.") + "#top",
        "a title": primary.title,
        "a part of a title": primary.title[4:-4],
        "a part that many have": "지원사업",
        "an id": known.unplaced.public_id,
        "an item of the draft": known.inside[0].primary.item.link,
        "a printed item": known.inside[0].public_id,
        "a link that was never seen": "https://www.molit.go.kr/USR/NEWS/view.jsp?id=95080000",
        "a title that was never seen": "국토교통부, 스마트시티 규제샌드박스 실증 과제 열두 곳 선정",
        "two letters": "zz",
    }
    return {"": "/desk/missing"} | {
        told: f"/desk/missing?{urlencode({'what': what})}" for told, what in asked.items()
    }


def _doors(known: Known) -> Pages:
    return {
        "people": {"": "/desk/people"},
        "password": {"": "/desk/password"},
        "login": {"": "/desk/login"},
        "enter": {"": f"/desk/enter/{known.token}"},
        "doors_style": {"": "/desk/doors.css"},
        "desk_asset": {"style": "/desk/assets/desk.css"},
        "healthz": {"": "/healthz"},
        "status": {"": "/status"},
        "status_feed": {"": f"/status/{known.feed}"},
        "status_style": {"": "/status.css"},
    }


# --- what editors send ----------------------------------------------------------------------------


Forms = Iterator[tuple[str, Mapping[str, str]]]
"""Addresses with the form that is sent there, one for each time."""


def forms_of(known: Known) -> Mapping[str, Forms]:
    """What an editor sends and waits for. What shows the draft anew comes first, while that has the items
    that it had; undo and redo come behind what they take back."""
    issue = {"issue": str(known.issue.id)}
    free = iter(known.waiting[100:])
    inside = cycle(known.inside[:20])
    one = known.inside[5].public_id
    texts = (f"제목을 고쳐 쓴 {number}" for number in count(1))

    def decisions(name: str, **form: str) -> Forms:
        return ((f"/desk/items/{story.public_id}/{name}", {**issue, **form}) for story in free)

    def in_draft(name: str, **form: str) -> Forms:
        return ((f"/desk/draft/{story.public_id}/{name}", {**form}) for story in inside)

    return {
        "comment on the issue": (
            ("/desk/draft/issue/comment", {"text": f"둘 더 {number}"}) for number in count()
        ),
        "draft: to another section": in_draft("move", section="project"),
        "draft: to a place": in_draft("place", place="2"),
        "draft: leave out": in_draft("leave"),
        "draft: take in": in_draft("accept"),
        "accept": decisions("accept"),
        "accept into a section": decisions("accept", section="project"),
        "move": decisions("move", section="trend"),
        "leave out": decisions("leave"),
        "reject": decisions("reject", reason="off_topic"),
        "undo": (("/desk/undo", issue) for _ in count()),
        "redo": (("/desk/redo", issue) for _ in count()),
        "write a headline": (
            (f"/desk/items/{one}/fields/headline/ko", {**issue, "text": text, "base": base})
            for base, text in _after_each_other(texts, known.inside[5].primary.item.title)
        ),
        "comment on an item": (
            (f"/desk/items/{one}/comment", {**issue, "text": f"맞습니까? {number}"})
            for number in count()
        ),
        "take from a search": (
            (f"/desk/search/{story.public_id}/accept", {"section": "trend"}) for story in free
        ),
    }


def _after_each_other(texts: Iterator[str], first: str) -> Iterator[tuple[str, str]]:
    """Each text with the one before it."""
    base = first
    for text in texts:
        yield base, text
        base = text
