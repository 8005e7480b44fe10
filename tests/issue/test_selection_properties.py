"""What holds of every selection, whatever the sections, the candidates and the picks are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.issues import Balance, Section, Series, Shape, Window
from aggregator.domain.items import SEOUL, EventFacts
from aggregator.issue.choices import Candidate, Choice, Printed, Selection, Taken
from aggregator.issue.period import Period, belongs
from aggregator.issue.selection import select

PERIOD = Period(
    window=Window(start=date(2024, 3, 1), end=date(2024, 3, 31)),
    issue_on=date(2024, 4, 1),
    until=datetime(2024, 4, 1, tzinfo=SEOUL),
    before=Period(
        window=Window(start=date(2024, 2, 1), end=date(2024, 2, 29)),
        issue_on=date(2024, 3, 4),
        until=datetime(2024, 3, 1, 10, tzinfo=SEOUL),
    ),
)
NAMES = ("a", "b", "c", "d")
BODIES = ("molit", "seoul", "busan", "jeju", "")
EVENT = EventFacts(name="e", starts_on=date(2024, 4, 5), ends_on=date(2024, 4, 6))


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that a selection is made of."""

    series: Series
    candidates: tuple[Candidate, ...]
    taken: Mapping[int, Taken]
    printed: Mapping[int, Printed]
    carried: Mapping[int, str]

    def select(self, candidates: tuple[Candidate, ...] | None = None) -> Selection:
        return select(
            self.series,
            self.candidates if candidates is None else candidates,
            PERIOD,
            taken=self.taken,
            printed=self.printed,
            carried=self.carried,
        )

    def fits(self, one: Candidate) -> bool:
        section = self.series.section(one.section)
        if section is None or one.story_id in self.taken:
            return False
        return belongs(one, section, PERIOD) or one.story_id in self.carried

    def reach(self, one: Candidate) -> set[str]:
        """The sections that a candidate can come to."""
        found: set[str] = set()
        section = self.series.section(one.section)
        while section is not None and section.id not in found:
            found.add(section.id)
            section = self.series.section(section.overflow)
        return found


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    """Four sections in any order; overflow never comes back, but may lead up or down the file."""
    made = []
    for place, name in enumerate(NAMES):
        limit = draw(st.integers(0, 4))
        made.append(
            Section(
                id=name,
                series="s",
                titles={"ko": name},
                shape=draw(st.sampled_from(list(Shape))),
                limit=limit,
                fill=draw(st.integers(0, limit or 4)),
                balance=draw(st.sampled_from(list(Balance))),
                overflow=draw(st.sampled_from(["", *NAMES[place + 1 :]])),
                lead_bodies=draw(st.sampled_from([(), ("molit", "seoul")])),
                lead_groups=draw(st.sampled_from([(), ("core",)])),
            )
        )
    return tuple(draw(st.permutations(made)))


def candidates(story_ids: st.SearchStrategy[int]) -> st.SearchStrategy[Candidate]:
    return st.builds(
        lambda story_id, **more: Candidate(story_id=story_id, public_id=f"{story_id:04}", **more),
        story_ids,
        section=st.sampled_from([*NAMES, "unknown"]),
        score=st.integers(0, 4).map(float),
        day=st.one_of(st.none(), st.dates(date(2024, 2, 26), date(2024, 4, 2))),
        body=st.sampled_from(BODIES),
        body_order=st.integers(0, 3),
        first_seen_at=st.sampled_from(
            [datetime(2024, m, 15, tzinfo=SEOUL) + timedelta(hours=m) for m in (2, 3, 4)]
        ),
        title_groups=st.sampled_from([frozenset[str](), frozenset({"core"})]),
        event=st.sampled_from([None, EVENT]),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    found = draw(
        st.lists(candidates(st.integers(1, 40)), max_size=16, unique_by=lambda c: c.story_id)
    )
    some = st.sets(st.integers(1, 45), max_size=8)
    taken = st.builds(Taken, section=st.sampled_from(["", *NAMES]), body=st.sampled_from(BODIES))
    return Case(
        series=Series(id="s", titles={}, taglines={}, languages=("ko",), sections=draw(sections())),
        candidates=tuple(found),
        taken=draw(st.dictionaries(st.integers(35, 50), taken, max_size=5)),
        printed={one: Printed(number=47) for one in draw(some)},
        carried=dict.fromkeys(draw(some), "carried over from No. 48"),
    )


def in_section(choices: tuple[Choice, ...], section: str) -> dict[int, Candidate]:
    return {c.candidate.story_id: c.candidate for c in choices if c.section == section}


def parts(selection: Selection) -> tuple[tuple[Choice, ...], ...]:
    return (selection.proposed, selection.late, selection.waiting, selection.carried)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(case: Case, random: Random) -> None:
    """Any permutation gives the same answer, and so does asking twice."""
    shuffled = list(case.candidates)
    random.shuffle(shuffled)

    assert case.select() == case.select(tuple(shuffled))
    assert case.select() == case.select((*case.candidates, *shuffled))


@given(cases())
def test_each_fitting_story_is_in_exactly_one_part(case: Case) -> None:
    """None twice, none that is taken, none lost; and each waits with a reason."""
    everywhere = [choice for part in parts(case.select()) for choice in part]

    assert {c.story_id for c in case.candidates if case.fits(c)} == {
        choice.candidate.story_id for choice in everywhere
    }
    assert len(everywhere) == len({choice.candidate.story_id for choice in everywhere})
    assert all(choice.why for choice in everywhere)


@given(cases())
def test_only_what_waits_says_why_it_waits(case: Case) -> None:
    """What has a place has no reason to wait; what an earlier issue had never has one."""
    selection = case.select()

    assert {None} >= {choice.wait for choice in selection.proposed}
    assert None not in {choice.wait for part in parts(selection)[1:] for choice in part}
    assert not case.printed.keys() & {one.candidate.story_id for one in selection.proposed}


@given(cases())
def test_every_part_is_in_printed_order(case: Case) -> None:
    """By section as in the file, newest day first, then administrative order: a total order."""
    place = {section.id: number for number, section in enumerate(case.series.sections)}
    for part in parts(case.select()):
        keys = [
            (
                place[choice.section],
                -(choice.candidate.day or date.min).toordinal(),
                choice.candidate.body_order,
                choice.candidate.public_id,
            )
            for choice in part
        ]
        assert keys == sorted(set(keys))


@given(cases())
def test_no_section_is_filled_beyond_its_limit(case: Case) -> None:
    """With what an editor put there; an editor alone may go beyond it."""
    proposed = case.select().proposed
    for section in case.series.sections:
        taken = sum(one.section == section.id for one in case.taken.values())
        here = in_section(proposed, section.id)
        assert not section.limit or not here or taken + len(here) <= section.limit


@given(cases())
def test_a_body_stands_twice_only_in_a_short_section(case: Case) -> None:
    """And only when nobody waits there whose body has no place."""
    selection = case.select()
    for section in case.series.sections:
        if section.balance is not Balance.ONE_PER_BODY:
            continue
        taken = Counter(t.body for t in case.taken.values() if t.section == section.id)
        here = in_section(selection.proposed, section.id)
        seated = taken + Counter(one.body for one in here.values())
        twice = {one.body for one in here.values() if one.body and seated[one.body] > 1}
        if not twice:
            continue
        assert taken.total() + len(here) <= section.fill
        # Of those that wait here and could be printed here, none has a body without a place.
        waiting = {
            c.candidate.body
            for c in (*selection.waiting, *selection.carried)
            if c.section == section.id and c.wait in {"body", "carried", "full"}
        }
        assert waiting <= seated.keys()


@given(cases())
def test_what_is_carried_over_is_proposed_only_in_a_short_section(case: Case) -> None:
    """And no story of the issue itself waits there for want of room."""
    selection = case.select()
    for section in case.series.sections:
        taken = sum(one.section == section.id for one in case.taken.values())
        here = [choice for choice in selection.proposed if choice.section == section.id]
        if any(choice.carried for choice in here):
            assert taken + len(here) <= section.fill
            full = [c for c in selection.waiting if c.section == section.id and c.wait == "full"]
            assert [] == full


@given(cases(), candidates(st.integers(1, 60)))
def test_one_more_candidate_removes_no_unrelated_one(case: Case, more: Candidate) -> None:
    """In each section that it can come to at most one loses its place, elsewhere nobody; and
    nobody gains one but it and what lost another place."""
    rest = tuple(one for one in case.candidates if one.story_id != more.story_id)
    before, after = case.select(rest), case.select((*rest, more))
    lost_anywhere: set[int] = set()
    gained_anywhere: set[int] = set()
    for section in case.series.sections:
        had = in_section(before.proposed, section.id)
        has = in_section(after.proposed, section.id)
        lost, gained = had.keys() - has.keys(), has.keys() - had.keys()
        if section.id not in case.reach(more):
            assert not lost | gained
        assert len(lost) <= 1
        assert len(gained) <= 1
        lost_anywhere |= lost
        gained_anywhere |= gained
    assert gained_anywhere <= {more.story_id} | lost_anywhere


@given(cases(), candidates(st.integers(1, 60)))
def test_only_the_last_in_line_loses_its_place(case: Case, more: Candidate) -> None:
    """In a section without lead and balance: the lowest by points, of the least claim first."""
    rest = tuple(one for one in case.candidates if one.story_id != more.story_id)
    sections = tuple(
        replace(s, lead_bodies=(), lead_groups=(), balance=Balance.NONE, overflow="")
        for s in case.series.sections
    )
    plain = replace(case, series=replace(case.series, sections=sections))
    before, after = plain.select(rest), plain.select((*rest, more))
    for section in sections:
        here = [choice for choice in before.proposed if choice.section == section.id]
        kept = in_section(after.proposed, section.id)
        gone = [choice for choice in here if choice.candidate.story_id not in kept]
        claim = {id(c): (not c.carried, c.candidate.score) for c in here}
        assert all(claim[id(c)] == min(claim.values()) for c in gone)
