"""Corrections of published issues: what is found, what changes where, and what becomes of mails."""

from __future__ import annotations

import email
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.errors import Ambiguous, Conflict, NotFound, UsageError
from aggregator.domain.issues import Phrase, PrintedItem
from aggregator.domain.mailing import (
    Answer,
    DeliveryState,
    Letter,
    MailingList,
    MailOptions,
    Outcome,
)
from aggregator.domain.publishing import PrintedIssue
from aggregator.notify.mail import SmtpMailer
from aggregator.publish.mail.letters import IssueLetters
from aggregator.publish.pictures import PictureFolder
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of, open_draft
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.publishing.corrected_texts import ANY, Wanted
from aggregator.services.publishing.correcting import Recorded, record_correction
from aggregator.services.publishing.mailing import Postman
from aggregator.services.publishing.printed import printed_issues
from aggregator.services.publishing.publish import build_site, publish_issue
from aggregator.services.publishing.translate import export_translation, import_translation
from tests.fixtures.desk import (
    EXPO,
    bring,
    make_curator,
    make_desk,
    make_press,
    make_series,
    paper,
    public_files,
    release,
    set_clock,
)
from tests.fixtures.mailbox import Box, serving
from tests.services.test_translate import translated

HOUR = timedelta(hours=1)


@pytest.fixture
def printed(desk: Desk, tmp_path: Path) -> Desk:
    """No. 48 with a release, a paper and an event, an hour ago; its English edition has Korean
    texts."""
    curator = make_curator(desk)
    bring(desk, release("molit", "수출"), release("seoul", "교통"), paper())
    open_draft(desk)
    event = NewItem(section="news", title="2024 엑스포", event=EXPO)
    add_item(desk, curator, event)
    publish_issue(desk, make_press(tmp_path), number=48)
    set_clock(desk, desk.clock.now() + HOUR)
    return desk


def put_right(
    desk: Desk,
    item: str,
    name: CorrectedField,
    values: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> Recorded:
    wanted = Wanted(
        number=48, item=item, field=name, by="Kim", values=values or {}, notes=notes or {}
    )
    names = {n: b.id for b in desk.bodies.values() for n in (b.name, *b.print_names.values())}
    return record_correction(desk, wanted, issuer=names.get)


def item(issue: PrintedIssue, title: str, language: str = "ko") -> PrintedItem:
    edition = next(one for one in issue.editions if one.language == language)
    found = (one for section in edition.sections for one in section.items)
    return next(one for one in found if title in one.headline.text)


@pytest.mark.parametrize("words", ["수출 스마트시티", "수출", "https://molit.example/수출"])
def test_an_item_is_found_as_it_was_printed(printed: Desk, words: str) -> None:
    """By its headline, a part of it, its link, or its id."""
    made = put_right(printed, words, CorrectedField.DAY, {ANY: "2024-02-11"})
    by_id = put_right(printed, made.correction.story, CorrectedField.DAY, {ANY: "2024-02-12"})
    assert made.correction.story == by_id.correction.story
    assert "2024.2.12 / 국토교통부" == item(by_id.issue, "수출").byline


def test_an_item_is_found_as_it_reads_now_as_well(printed: Desk) -> None:
    """After its headline was corrected by either."""
    put_right(printed, "수출", CorrectedField.HEADLINE, {"ko": "수입 스마트시티"})
    for words in ("수출", "수입"):
        put_right(printed, words, CorrectedField.NOTE, notes={"ko": words})
    assert ["수출", "수입"] == [
        one.notes["ko"] for one in printed.store.corrections("smart-city")[1:]
    ]


@pytest.mark.parametrize(("words", "error"), [("스마트시티", Ambiguous), ("하천", NotFound)])
def test_what_cannot_be_told_is_refused(printed: Desk, words: str, error: type[Exception]) -> None:
    """With the headlines that answer."""
    with pytest.raises(error):
        put_right(printed, words, CorrectedField.DAY, {ANY: "2024-02-11"})
    assert [] == printed.store.corrections("smart-city")


def test_the_snapshot_stays(printed: Desk) -> None:
    """Whatever is put right."""
    before = printed.store.issues("smart-city")[0]
    put_right(printed, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"}, {"ko": "왜"})
    after = printed.store.issues("smart-city")[0]
    assert before.snapshot == after.snapshot
    assert before.version + 1 == after.version


def test_a_text_that_was_not_translated_changes_in_every_edition(printed: Desk) -> None:
    """In the language in which it stands there."""
    made = put_right(printed, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"})
    assert Phrase(text="새 제목", language="ko") == item(made.issue, "새", "en").headline
    assert {"ko", "en"} == made.correction.texts.keys()


def test_a_translation_is_corrected_by_itself(printed: Desk) -> None:
    """The Korean edition neither changes nor tells of it."""
    po = translated(export_translation(printed, 48, language="en"))
    import_translation(printed, po, 48, language="en")
    title = next(
        one.headline.text
        for section in printed_issues(printed)[0].editions[1].sections
        for one in section.items
    )
    made = put_right(printed, title, CorrectedField.HEADLINE, {"en": "A better one"})
    assert {"en"} == made.correction.texts.keys()
    assert {"en"} == made.issue.corrected.keys()
    assert "A better one" == item(made.issue, "better", "en").headline.text


def test_a_later_translation_stands(printed: Desk) -> None:
    """What was corrected before it is told, and no longer laid on it."""
    put_right(printed, "수출", CorrectedField.HEADLINE, {"en": "First", "ko": "처음"})
    po = translated(export_translation(printed, 48, language="en"))
    import_translation(printed, po, 48, language="en")
    (issue,) = printed_issues(printed)
    assert "처음" == item(issue, "처음").headline.text
    assert not [
        one for section in issue.editions[1].sections for one in section.items
        if "First" in one.headline.text
    ]  # fmt: skip
    assert 1 == len(issue.corrections)


def test_another_body_brings_its_name_and_its_region(printed: Desk) -> None:
    """In each language, so that the picture of the month is right, too."""
    made = put_right(printed, "교통", CorrectedField.BODY, {ANY: "경기도"})
    korean, english = item(made.issue, "교통"), item(made.issue, "교통", "en")
    assert ("2024.2.10 / 경기도", "gyeonggi") == (korean.byline, korean.region)
    assert "경기도" == korean.region_name
    assert "2024.2.10 / Gyeonggi-do" == english.byline


def test_papers_and_events_have_texts_of_their_own(printed: Desk) -> None:
    """An event's lines are given without their label."""
    authors = put_right(printed, "버스정보", CorrectedField.AUTHORS, {"ko": "강원평 (국토연구원)"})
    assert Phrase(text="강원평 (국토연구원)", language="ko") == item(authors.issue, "버스").authors
    when = {"ko": "'24.3.19~22 / 타이베이", "en": "'24.3.19~22 / Taipei"}
    event = put_right(printed, "엑스포", CorrectedField.EVENT_WHEN_WHERE, when)
    assert {
        "일시·장소: '24.3.19~22 / 타이베이",
    } <= {"".join(p.text for p in line) for line in item(event.issue, "엑스포").lines}
    with pytest.raises(UsageError, match="an item of the shape event has no day"):
        put_right(printed, "엑스포", CorrectedField.DAY, {ANY: "2024-02-11"})


def test_a_withdrawn_headline_can_be_corrected(printed: Desk) -> None:
    """Without its mark in the record."""
    put_right(printed, "수출", CorrectedField.WITHDRAWN, notes={"ko": "취소"})
    made = put_right(printed, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"})
    assert "수출 스마트시티" == made.correction.texts["ko"].old
    assert "새 제목" == made.correction.title
    assert "[철회] 새 제목" == item(made.issue, "새").headline.text


def test_the_log_has_who_and_what(printed: Desk) -> None:
    """A line for each edition that changed, one for what changes no text."""
    made = put_right(printed, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"})
    put_right(printed, "새 제목", CorrectedField.NOTE, notes={"en": "So it is."})
    issue = draft_of(printed, 48).issue
    log = [
        one
        for one in printed.store.edits(f"pick:{issue.id}:{made.correction.story}")
        if one.cause == "correction"
    ]
    assert [
        ("Kim", "headline.ko", "수출 스마트시티", "새 제목"),
        ("Kim", "headline.en", "수출 스마트시티", "새 제목"),
        ("Kim", "note", "", "So it is."),
    ] == [(one.actor, one.field, one.old, one.new) for one in log]


def test_a_language_without_an_edition_is_refused(tmp_path: Path) -> None:
    """As value and as note."""
    desk = make_desk(tmp_path, series=make_series(languages=("ko",)))
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path), number=48)
    for values, notes in (({"en": "x"}, {}), ({"ko": "x"}, {"en": "x"})):
        with pytest.raises(UsageError, match=r"No\. 48 has no edition in 'en'"):
            put_right(desk, "수출", CorrectedField.HEADLINE, values, notes)
    desk.store.close()


def test_of_two_at_once_one_is_told(printed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looked at the issue before the other one wrote."""
    looked = printed.store.issues("smart-city")
    put_right(printed, "수출", CorrectedField.DAY, {ANY: "2024-02-11"})
    monkeypatch.setattr(printed.store, "issues", lambda _series: looked)
    with pytest.raises(Conflict):
        put_right(printed, "수출", CorrectedField.DAY, {ANY: "2024-02-12"})
    assert 1 == len(printed.store.corrections("smart-city"))


# --- mails ----------------------------------------------------------------------------------------

LISTS = (
    MailingList(language="ko", to="news@lists.example"),
    MailingList(language="en", to="news-en@lists.example"),
)


def postman(desk: Desk, server: str) -> Postman:
    maker = IssueLetters(
        series=desk.series,
        options=desk.options,
        catalogue=desk.catalogue,
        pictures=PictureFolder(Path("nowhere")),
    )
    return Postman(desk=desk, maker=maker, carrier=SmtpMailer(server, timeout=2))


@dataclass
class Carrier:
    """Takes letters while an editor corrects the issue, and answers as told."""

    desk: Desk
    answers: list[Answer]
    letters: list[bytes] = field(default_factory=list)

    def hand_over(self, letter: Letter) -> Answer:
        """Keep the letter; the headline is put right before the first answer."""
        if not self.letters:
            put_right(self.desk, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"})
        self.letters.append(letter.body)
        return self.answers.pop(0)


TAKEN = Answer(outcome=Outcome.TAKEN)
NOT_NOW = Answer(outcome=Outcome.LATER, reason="451 busy")
LOST = Answer(outcome=Outcome.LATER, reason="it does not answer in time", is_lost=True)


@pytest.mark.parametrize(
    ("answers", "is_corrected", "mailed"),
    [([TAKEN], [False], ("ko",)), ([NOT_NOW, TAKEN], [False, True], ()),
     ([LOST, TAKEN], [False, False], ("ko",))],
    ids=["taken", "not taken", "answer lost"],
)  # fmt: skip
def test_what_is_corrected_while_a_mail_is_under_way(
    tmp_path: Path, answers: list[Answer], is_corrected: list[bool], mailed: tuple[str, ...]
) -> None:
    """Is missing from it where it is out, or may be: a copy is the same to the byte. Where the
    server did not take it the next letter has it."""
    mail = MailOptions(sender="desk@news.example", lists=LISTS[:1])
    desk = make_desk(tmp_path, series=make_series(mail=mail))
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path), number=48)
    carrier = Carrier(desk=desk, answers=[*answers])
    mine = replace(postman(desk, "smtp://127.0.0.1:1"), carrier=carrier)
    for _ in answers:
        mine.send_due()
        set_clock(desk, desk.clock.now() + HOUR)

    headlines = [
        "새 제목" in email.message_from_bytes(body, policy=policy.default)
        .get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for body in carrier.letters
    ]  # fmt: skip
    assert is_corrected == headlines
    assert [mailed] == [one.mailed for one in desk.store.corrections("smart-city")]
    desk.store.close()


def test_what_was_sent_stays_as_it_was_sent(tmp_path: Path) -> None:
    """To the byte; what waited goes out corrected."""
    mail = MailOptions(sender="desk@news.example", lists=LISTS)
    desk = make_desk(tmp_path, series=make_series(mail=mail))
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path), number=48)
    before = public_files(tmp_path)
    box = Box()
    sent = desk.store.claim_delivery(
        "smart-city", now=desk.clock.now(), until=desk.clock.now() + HOUR, token="t"
    )
    assert sent is not None
    assert "ko" == sent.language
    desk.store.settle_delivery(replace(sent, state=DeliveryState.SENT), "t", out_with=())
    made = put_right(desk, "수출", CorrectedField.HEADLINE, {"ko": "새 제목"})
    assert ("ko",) == made.correction.mailed
    with serving(box) as server:
        postman(desk, server).send_due()
    build_site(desk, make_press(tmp_path))
    after = public_files(tmp_path)

    ((_, to, message),) = box.mails
    assert ["news-en@lists.example"] == to
    assert "새 제목" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    names = ("issue.eml", "mail.html", "mail.txt")
    assert [True] * 3 == [before[f"issues/48/{n}"] == after[f"issues/48/{n}"] for n in names]
    assert "새 제목" in after["issues/48/en/mail.txt"].decode()
    desk.store.close()
