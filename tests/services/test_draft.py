"""The draft's life: opened, filled once, changed by editors, published or skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.domain.editing import Acted, Step
from aggregator.domain.errors import Ambiguous, Conflict, NotFound, UsageError
from aggregator.domain.issues import IssueStatus, Origin, PickState
from aggregator.domain.items import SEOUL
from aggregator.domain.stories import Placement
from aggregator.issue.edition import Picked
from aggregator.issue.translation import Outstanding
from aggregator.issue.windows import is_overdue
from aggregator.ports.issuing import Supplied
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft, draft_of, open_draft
from aggregator.services.editing.edit import accept, drop, leave_out_rest, skip_draft
from aggregator.services.editing.find import NAMED
from aggregator.services.publishing.publish import planet_of, publish_issue
from tests.fixtures.desk import (
    DRAFT_DAY,
    EXPO,
    FEBRUARY_20,
    ISSUE_DAY,
    bring,
    make_desk,
    make_press,
    make_series,
    paper,
    release,
    set_clock,
)
from tests.fixtures.records import on_day

APRIL_DRAFT_DAY = datetime(2024, 4, 1, 10, tzinfo=SEOUL)


def titles(picked: tuple[Picked, ...]) -> list[tuple[str, str]]:
    return [
        (one.pick.section, one.story.primary.item.title.removesuffix(" 스마트시티"))
        for one in picked
    ]


def late(draft: Draft) -> list[str]:
    return [one.story.primary.item.title for one in draft.late]


def january_published(desk: Desk, folder: Path) -> None:
    """No. 48 is January's issue, out on 1 February, so that February's window is open."""
    set_clock(desk, datetime(2024, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, release("seoul", "정월", date(2024, 1, 10)))
    publish_issue(desk, make_press(folder))


def test_a_draft_opens_empty(desk: Desk, tmp_path: Path) -> None:
    """Before the draft day what arrives waits, and nothing is proposed."""
    january_published(desk, tmp_path)
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("molit", "수출"))

    draft = open_draft(desk)

    assert () == draft.picked
    assert draft.issue.proposed_at is None
    assert 49 == draft.number
    assert ["수출 스마트시티"] == [one.story.primary.item.title for one in draft.waiting]


def test_a_new_desk_keeps_the_issue_that_it_opened(desk: Desk) -> None:
    """Long after the last issue's day it begins with the next one, and asked again with that one."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("molit", "수출"))
    first = open_draft(desk)

    set_clock(desk, FEBRUARY_20 + timedelta(hours=1))
    second = open_draft(desk)

    assert date(2024, 2, 1) == first.issue.window.start
    assert (first.issue, None) == (second.issue, second.issue.proposed_at)
    assert [first.issue] == desk.store.issues(desk.series.id)


def test_what_is_accepted_early_stays(desk: Desk, tmp_path: Path) -> None:
    """An early acceptance keeps its place when the draft day fills the others around it."""
    january_published(desk, tmp_path)
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"))
    accept(desk, "연구", section="project")
    set_clock(desk, DRAFT_DAY)

    draft = open_draft(desk)

    assert [("project", "연구"), ("trend", "교통")] == titles(draft.picked)
    states = [(one.pick.state, one.pick.origin) for one in draft.picked]
    assert [
        (PickState.ACCEPTED, Origin.EDITOR),
        (PickState.PROPOSED, Origin.RULES),
    ] == states


def test_an_accepted_body_takes_its_place_in_a_balanced_section(desk: Desk, tmp_path: Path) -> None:
    """The rules do not propose a second story of a body that the editor gave a place."""
    january_published(desk, tmp_path)
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "연구"), release("seoul", "교량"))
    accept(desk, "연구")
    set_clock(desk, DRAFT_DAY)

    assert [("trend", "연구")] == titles(open_draft(desk).picked)


def test_a_body_accepted_against_the_rules_takes_its_place_too(desk: Desk, tmp_path: Path) -> None:
    """Although the rules themselves had no section for the accepted story."""
    january_published(desk, tmp_path)
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "연못", title="연못 정비"), release("seoul", "연구"))
    accept(desk, "연못", section="trend")
    set_clock(desk, DRAFT_DAY)

    assert [("trend", "연못 정비")] == titles(open_draft(desk).picked)


def test_of_two_that_fill_the_places_one_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other shows what the first one chose, under the first one's time."""
    bring(desk, release("seoul", "연구"))
    read = desk.store.issue_candidates

    def slowly(*args: Any, **more: Any) -> list[Supplied]:  # noqa: ANN401 - the port's
        found = read(*args, **more)
        monkeypatch.undo()
        first.append(open_draft(desk))
        set_clock(desk, ISSUE_DAY + timedelta(hours=1))
        return found

    first: list[Draft] = []
    monkeypatch.setattr(desk.store, "issue_candidates", slowly)

    assert first == [open_draft(desk)]
    assert [ISSUE_DAY] == [draft.issue.proposed_at for draft in first]


def test_old_announcements_are_not_lost(desk: Desk, tmp_path: Path) -> None:
    """An event that was announced and seen a year ahead, a paper older than its first sight."""
    set_clock(desk, datetime(2023, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, release("seoul", "행사", date(2023, 1, 20), title="행사 개최", event=EXPO))
    january_published(desk, tmp_path)
    (event,) = desk.store.find_stories("행사 개최")
    placement = Placement(section="news", score=3.0, ruleset=desk.rules.hash)
    desk.store.save_placements({event.id: placement}, desk.clock.now())
    set_clock(desk, ISSUE_DAY)
    bring(
        desk, paper(published=on_day(date(2022, 5, 1))), release("seoul", "묵은", date(2023, 5, 1))
    )

    keys = {one.story.primary.item.key for one in open_draft(desk).picked}

    assert {"행사", "버스정보 플랫폼"} == keys


def test_free_places_are_filled_once(desk: Desk) -> None:
    """What arrives after the draft was made waits in the late tray; the draft does not move."""
    set_clock(desk, DRAFT_DAY)
    bring(desk, release("molit", "수출"))
    before = open_draft(desk)
    set_clock(desk, DRAFT_DAY + timedelta(hours=2))
    bring(desk, release("ulsan", "교통"))

    draft = open_draft(desk)

    assert [one.pick for one in before.picked] == [one.pick for one in draft.picked]
    assert before.issue.proposed_at == draft.issue.proposed_at
    assert ["교통 스마트시티"] == late(draft)


def test_a_late_story_can_be_accepted(desk: Desk) -> None:
    """The editor may take it from the tray, into the rules' section."""
    open_draft(desk)
    set_clock(desk, ISSUE_DAY + timedelta(hours=1))
    bring(desk, release("ulsan", "교통"))

    accept(desk, "교통")

    draft = open_draft(desk)
    assert [("trend", "교통")] == titles(draft.picked)
    assert () == draft.late


def test_a_draft_can_be_filled_before_its_day(desk: Desk, tmp_path: Path) -> None:
    """Asked for it, the rules propose now; the draft day then changes nothing."""
    january_published(desk, tmp_path)
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("molit", "수출"))
    early = open_draft(desk, propose=True)
    bring(desk, release("seoul", "연구"))
    set_clock(desk, DRAFT_DAY)

    assert [("issue", "수출")] == titles(early.picked)
    assert titles(early.picked) == titles(open_draft(desk).picked)


def test_an_early_reading_hides_nothing_of_the_same_instant(desk: Desk) -> None:
    """What was first seen at the very instant of the proposal is proposed."""
    bring(desk, release("molit", "수출"))

    assert [("issue", "수출")] == titles(open_draft(desk).picked)


def test_what_was_late_goes_to_the_next_issue(desk: Desk, tmp_path: Path) -> None:
    """A February release that came after the draft is proposed for March, and only once."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    set_clock(desk, ISSUE_DAY + timedelta(hours=1))
    bring(desk, release("ulsan", "교통", date(2024, 2, 28)))
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, APRIL_DRAFT_DAY)
    bring(desk, release("seoul", "연구", date(2024, 3, 5)))

    draft = open_draft(desk)

    assert 49 == draft.number
    assert [("trend", "연구"), ("trend", "교통")] == titles(draft.picked)


def test_a_paper_without_a_day_is_proposed_once(desk: Desk, tmp_path: Path) -> None:
    """It belongs to the first issue after its first sight, and to no later one."""
    bring(desk, paper())
    assert [("literature", "버스정보 플랫폼")] == titles(open_draft(desk).picked)
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, APRIL_DRAFT_DAY)

    assert () == open_draft(desk).picked


def test_a_dropped_story_does_not_come_back(desk: Desk, tmp_path: Path) -> None:
    """Neither in its own issue nor in the next."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    open_draft(desk)
    drop(desk, "수출", why="old news")

    assert [("trend", "연구")] == titles(open_draft(desk).picked)
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, APRIL_DRAFT_DAY)
    assert () == open_draft(desk).picked


def test_a_skipped_issue_takes_no_number(desk: Desk) -> None:
    """The next issue gets the number that it would have had."""
    skipped = skip_draft(desk)

    draft = open_draft(desk)

    assert IssueStatus.SKIPPED == skipped.status
    assert skipped.number is None
    assert 48 == draft.number
    assert date(2024, 3, 1) == draft.issue.window.start


def test_a_skipped_window_is_given_up(desk: Desk, tmp_path: Path) -> None:
    """What lies in it is not owed to the issue after it."""
    january_published(desk, tmp_path)
    set_clock(desk, ISSUE_DAY)
    bring(desk, release("molit", "수출", date(2024, 2, 15)))
    skip_draft(desk)
    set_clock(desk, APRIL_DRAFT_DAY)
    bring(desk, release("seoul", "연구", date(2024, 3, 5)))

    assert [("trend", "연구")] == titles(open_draft(desk).picked)


def test_numbers_are_counted(desk: Desk, tmp_path: Path) -> None:
    """Two issues, a skipped one between them: 48 and 49."""
    press = make_press(tmp_path)
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    first = publish_issue(desk, press)
    set_clock(desk, APRIL_DRAFT_DAY)
    skip_draft(desk)
    set_clock(desk, datetime(2024, 5, 2, 10, tzinfo=SEOUL))
    bring(desk, release("seoul", "연구", date(2024, 4, 5)))
    second = publish_issue(desk, press)

    assert [48, 49] == [first.issue.number, second.issue.number]


def test_another_number_is_not_found(desk: Desk) -> None:
    """The message says which number the draft has and which are published."""
    with pytest.raises(NotFound, match=r"no issue No\. 47: the draft is No\. 48 \(none is pub"):
        draft_of(desk, 47)


def test_sections_are_printed_in_their_order(desk: Desk) -> None:
    """By section, then newest first, then in administrative order."""
    bring(
        desk,
        release("gyeonggi", "버스", date(2024, 2, 27)),
        release("seoul", "연구", date(2024, 2, 27)),
        release("ulsan", "교통", date(2024, 2, 28)),
        release("msit", "통신", date(2024, 2, 1)),
        release("molit", "수출", date(2024, 2, 1)),
        release("lx", "공간", date(2024, 2, 23)),
    )

    assert [
        ("issue", "수출"),
        ("project", "통신"),
        ("trend", "교통"),
        ("trend", "연구"),
        ("trend", "버스"),
        ("special", "공간"),
    ] == titles(open_draft(desk).picked)


def test_a_position_stands_before_the_section_order(desk: Desk) -> None:
    """Placed by hand first, in the order of their positions; the others as ever."""
    bring(
        desk,
        release("seoul", "연구", date(2024, 2, 27)),
        release("ulsan", "교통", date(2024, 2, 3)),
        release("gyeonggi", "버스", date(2024, 2, 2)),
    )
    accept(desk, "버스", position=2)
    accept(desk, "교통", position=1)

    assert [("trend", "교통"), ("trend", "버스"), ("trend", "연구")] == titles(
        open_draft(desk).picked
    )


def test_accepting_again_keeps_section_and_position(desk: Desk) -> None:
    """A second acceptance without options changes nothing that was set before."""
    bring(desk, release("seoul", "연구"))
    accept(desk, "연구", section="project", position=3)

    again = accept(desk, "연구").picked

    assert ("project", 3) == (again.pick.section, again.pick.position)


def test_a_dropped_story_can_be_taken_back(desk: Desk) -> None:
    """Accepting it puts it where it was."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk)
    drop(desk, "연구")

    accept(desk, "연구")

    draft = open_draft(desk)
    assert [("trend", "연구")] == titles(draft.picked)
    assert () == draft.dropped


def test_the_rest_is_left_out_at_once(desk: Desk, tmp_path: Path) -> None:
    """Every proposal that was not accepted, with the reason; the combined feed keeps them."""
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"), release("molit", "수출"))
    accept(desk, "연구")

    left_out = leave_out_rest(desk, why="no room")

    assert {(PickState.LEFT_OUT, "no room")} == {(p.pick.state, p.pick.why) for p in left_out}
    assert [("trend", "연구")] == titles(open_draft(desk).picked)
    assert [] == leave_out_rest(desk)
    assert 3 == len(planet_of(desk, make_press(tmp_path).pictures).stories)


def test_the_rest_is_left_out_together_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When somebody accepts one of them meanwhile, the others stay as they were."""
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"), release("molit", "수출"))
    open_draft(desk)
    act = desk.store.act

    def after_another(step: Step) -> Acted:
        monkeypatch.undo()
        accept(desk, "교통")
        return act(step)

    monkeypatch.setattr(desk.store, "act", after_another)
    with pytest.raises(Conflict, match="was changed by somebody else"):
        leave_out_rest(desk)

    states = {one.pick.section: one.pick.state for one in open_draft(desk).picked}
    assert 3 == len(open_draft(desk).picked)
    assert PickState.PROPOSED == states["issue"]


def test_a_dropped_story_leaves_the_combined_feed(desk: Desk, tmp_path: Path) -> None:
    """Rejected is out; what merely found no place stays."""
    bring(desk, release("seoul", "연구"), release("seoul", "교량"), release("ulsan", "교통"))
    open_draft(desk)
    drop(desk, "교통")

    planet = planet_of(desk, make_press(tmp_path).pictures)

    shown = {one.story.primary.item.title for one in planet.stories}
    assert {"연구 스마트시티", "교량 스마트시티"} == shown


def test_what_was_printed_stays_in_the_combined_feed(desk: Desk, tmp_path: Path) -> None:
    """Dropping a story from a later draft does not take it out of an issue that is out, nor out
    of the section that it was printed in."""
    bring(desk, release("molit", "수출"), release("msit", "통신"))
    publish_issue(desk, make_press(tmp_path), number=48)
    drop(desk, "통신")

    planet = planet_of(desk, make_press(tmp_path).pictures)

    sections = {one.story.primary.item.body: one.section for one in planet.stories}
    assert {"molit": "issue", "msit": "project"} == sections


def test_an_accepted_story_is_shown_without_a_place_by_the_rules(
    desk: Desk, tmp_path: Path
) -> None:
    """Under the section that the editor chose."""
    bring(desk, release("seoul", "연못", title="연못 정비"))
    accept(desk, "연못", section="project")

    planet = planet_of(desk, make_press(tmp_path).pictures)

    assert ["project"] == [one.section for one in planet.stories]


@pytest.mark.parametrize(
    "words",
    [
        "https://seoul.example/연구",
        "http://www.seoul.example/%EC%97%B0%EA%B5%AC?utm_source=mail",
        "연구 스마트시티",
        "연 구스마트",
    ],
)
def test_a_story_is_found_by_what_an_editor_has(desk: Desk, words: str) -> None:
    """Its link in any spelling, its title, or a part of it with other spaces."""
    bring(
        desk,
        release("seoul", "연구", canonical_url="https://seoul.example/%EC%97%B0%EA%B5%AC"),
        release("ulsan", "교통"),
    )

    assert "seoul" == accept(desk, words).picked.story.primary.item.body


def test_a_story_is_found_by_its_id(desk: Desk) -> None:
    """The public id that lists print."""
    bring(desk, release("seoul", "연구"))
    public_id = open_draft(desk).picked[0].story.public_id

    assert public_id == accept(desk, public_id).picked.story.public_id


@pytest.mark.parametrize("words", ["없는 말", "", "  ", "%", "https://nowhere.example/"])
def test_unknown_words_are_said_in_one_line(desk: Desk, words: str) -> None:
    """With what would have been right."""
    bring(desk, release("seoul", "연구"))

    with pytest.raises(NotFound, match=r"no stored story answers to .* \(a link, a title") as told:
        accept(desk, words)

    assert 1 == len(str(told.value).splitlines())


def test_ambiguous_words_are_said_in_one_line(desk: Desk) -> None:
    """With the titles and ids of all, which are candidates."""
    bring(desk, *(release("seoul", name) for name in ("연구", "교량", "공원", "하천")))

    with pytest.raises(Ambiguous, match="4 stories answer to '스마트시티': ") as told:
        accept(desk, "스마트시티")

    assert 4 == len(told.value.candidates)
    assert all(f"(id {story.public_id})" in str(told.value) for story in desk.store.stories())
    assert 1 == len(str(told.value).splitlines())


def test_of_very_many_answers_some_are_named(desk: Desk) -> None:
    """And what lists the rest."""
    bring(desk, *(release("seoul", str(n), title=f"스마트시티 {n}호") for n in range(NAMED + 2)))

    with pytest.raises(Ambiguous, match=r"; and 2 more .*; aggregator stories lists all") as told:
        accept(desk, "스마트시티")

    assert NAMED == str(told.value).count("(id ")


def test_an_exact_title_is_not_ambiguous(desk: Desk) -> None:
    """Although another title contains it."""
    bring(
        desk,
        release("seoul", "연구", title="스마트시티 연구"),
        release("ulsan", "후속", title="후속 스마트시티 연구소 문 연다"),
    )

    assert "seoul" == accept(desk, "스마트시티 연구").picked.story.primary.item.body


def test_an_unknown_section_is_refused(desk: Desk) -> None:
    """The message lists those there are; nothing is changed."""
    bring(desk, release("seoul", "연구"))
    before = open_draft(desk)

    with pytest.raises(UsageError, match=r"no section 'sport' \(one of issue, project, trend"):
        accept(desk, "연구", section="sport")

    assert before.picked == open_draft(desk).picked


def test_a_story_without_a_section_needs_one(desk: Desk) -> None:
    """Where the rules have no place for it the editor names one."""
    bring(desk, release("seoul", "연못", title="연못 정비"))

    with pytest.raises(UsageError, match="the rules place '연못 정비' in no section: name one"):
        accept(desk, "연못")


def test_a_draft_counts_what_is_to_be_translated(desk: Desk) -> None:
    """For each language after the first; an empty draft has nothing."""
    assert {"en": Outstanding(missing=0, fuzzy=0)} == open_draft(desk).translations
    bring(desk, release("seoul", "연구"))
    accept(desk, "연구")

    assert {"en": Outstanding(missing=2, fuzzy=0)} == open_draft(desk).translations


def test_every_change_has_a_name_and_a_time(desk: Desk) -> None:
    """The log says who, when, from what, to what and why."""
    bring(desk, release("seoul", "연구"))
    picked = open_draft(desk).picked[0]
    drop(replace(desk, actor="kim"), "연구", why="twice")

    edits = desk.store.edits(f"pick:{picked.pick.issue_id}:{picked.story.public_id}")

    assert [
        ("rules", ISSUE_DAY, "state", "", "proposed", "4 points"),
        ("rules", ISSUE_DAY, "section", "", "trend", "4 points"),
        ("kim", ISSUE_DAY, "state", "proposed", "dropped", "twice"),
    ] == [(e.actor, e.at, e.field, e.old, e.new, e.cause) for e in edits]


def test_a_draft_is_overdue_after_its_day(desk: Desk) -> None:
    """On its day it is not, the day after it is."""
    issue = open_draft(desk).issue

    assert not is_overdue(issue, date(2024, 3, 4))
    assert is_overdue(issue, date(2024, 3, 5))


def test_a_series_of_one_language_has_a_draft(tmp_path: Path) -> None:
    """Sections without an English title are no obstacle."""
    series = make_series(languages=("ko",))
    sections = tuple(replace(s, titles={"ko": s.titles["ko"]}) for s in series.sections)
    desk = make_desk(tmp_path, series=replace(series, sections=sections))
    bring(desk, release("seoul", "연구"))

    assert [("trend", "연구")] == titles(open_draft(desk).picked)
    desk.store.close()
