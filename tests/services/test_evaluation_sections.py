"""Labelled releases placed as the daemon places them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.services.curation.curate import Curator
from aggregator.services.evaluation.figures import Figures, Share
from aggregator.services.evaluation.rows import Placed, Release
from aggregator.services.evaluation.sections import (
    Answer,
    accuracy,
    by_section,
    confusion_of,
    figures_of,
    place_rows,
    selected,
    selection_of,
    top2,
)
from aggregator.services.rebuilding.replay import ReplayClock, write
from aggregator.store.scratch import scratch_store
from tests.fixtures.desk import make_rules
from tests.fixtures.evaluation import (
    LEAD,
    first_sights,
    make_material,
    make_release,
    portal,
    read_release,
)


def place(*rows: tuple[Release, str | None]) -> list[Answer]:
    placed = [
        Placed(line=line, release=release, section=section, kind="-")
        for line, (release, section) in enumerate(rows, start=1)
    ]
    return place_rows(placed, make_material(), make_rules())


def section_of(release: Release) -> str | None:
    (answer,) = place((release, None))
    return answer.section


MINISTRY = make_release()
CITY = make_release(agency="서울시")
STRANGE = make_release(agency="없는처")


@pytest.mark.parametrize(
    ("release", "section"),
    [
        (MINISTRY, "issue"),
        (CITY, "trend"),
        (make_release("하천 정비 계획"), None),
        (Release(title=MINISTRY.title, agency="국토교통부"), "issue"),
        (replace(STRANGE, carries=Carries.VIDEO), "special"),
        (replace(STRANGE, carries=Carries.PAPER, language="en"), "literature"),
        (make_release("NOT SUPPORT"), None),
    ],
)
def test_where_a_release_goes(release: Release, section: str | None) -> None:
    """By its words, its office and what its feed carries; a row needs no date and no address."""
    assert section == section_of(release)


@pytest.mark.parametrize(
    ("agency", "level", "section"),
    [
        ("없는처", Level.AGENCY, "issue"),
        ("없는군", Level.PROVINCE, "trend"),
        ("", Level.MINISTRY, "issue"),
        ("없는처", None, None),
        ("", None, None),
        # What is configured counts more than what a row says of an office.
        ("서울시", Level.MINISTRY, "trend"),
    ],
)
def test_the_level_of_an_office(agency: str, level: Level | None, section: str | None) -> None:
    """A row names it where the configuration does not know the office."""
    assert section == section_of(replace(make_release(agency=agency), level=level))


def test_rows_do_not_change_each_others_office() -> None:
    """One name may stand for offices of two levels."""
    rows = [replace(STRANGE, level=level) for level in (Level.MINISTRY, Level.METRO, None)]

    assert ["issue", "trend", None] == [one.section for one in place(*((r, None) for r in rows))]


def test_what_says_nothing_has_no_placement() -> None:
    """A board whose feed is switched off has one such entry."""
    (answer,) = place((make_release("not supported!"), "issue"))

    assert (None, None, False, False) == (
        answer.placement, answer.section, answer.is_right, answer.is_near,
    )  # fmt: skip


def test_the_trace_tells_why() -> None:
    """As with a story of the daemon's."""
    (answer,) = place((CITY, "issue"))

    assert answer.placement is not None
    assert "level metro is outside its scope" == answer.placement.trace["sections"]["issue"]["why"]
    assert ("rules-1", "metro") == (answer.placement.ruleset, answer.placement.trace["level"])


def test_the_answer_is_the_daemons() -> None:
    """Of documents with these releases, stored and curated, down to the trace."""
    releases = [
        MINISTRY,
        make_release("스마트 시티 &amp; 드론", summary=f"<p>{LEAD}</p>", agency="서울시"),
        make_release("하천 정비 계획", summary="스마트시티를 위한 하천이다."),
        make_release(agency="", published=""),
    ]
    material = make_material()
    feed = portal("portal")
    daemon = []
    with scratch_store() as store:
        for release in releases:
            at, _ = first_sights(release, release)
            store.empty()
            store.sync_feeds([feed], at)
            write(store, feed, read_release(release, feed, seen_at=at), at)
            Curator(
                store=store,
                clock=ReplayClock(at),
                feeds=(feed,),
                bodies=material.bodies,
                rules=make_rules(),
                issuer=material.issuer,
            ).curate()
            (story,) = store.stories()
            daemon.append(story.placement)

    assert daemon == [one.placement for one in place(*((release, None) for release in releases))]


ANSWERS = place(
    (MINISTRY, "issue"),
    (MINISTRY, "trend"),
    (CITY, "trend"),
    (MINISTRY, None),
    (make_release("하천 정비 계획"), None),
    (make_release("하천 정비 계획"), "trend"),
    (STRANGE, "special"),
)


def test_how_right_all_of_it_is() -> None:
    """The first choice; the first or second; and of what got a section, or should."""
    assert Share(hits=3, of=7) == accuracy(ANSWERS)
    assert Share(hits=4, of=7) == top2(ANSWERS)
    assert Figures(right=2, found=4, wanted=5) == figures_of(ANSWERS)


def test_how_right_the_selection_is() -> None:
    """A release in a wrong section is selected all the same."""
    assert Figures(right=3, found=4, wanted=5) == selection_of(ANSWERS)
    assert Share(hits=1, of=2) == selected([one for one in ANSWERS if one.row.section is None])


def test_the_runner_up_is_near() -> None:
    """Among sections that failed, the one whose margin is best comes second."""
    runner_up = ANSWERS[0].placement.trace["runner_up"] if ANSWERS[0].placement else ""
    (near, far) = place((MINISTRY, runner_up), (MINISTRY, "nowhere"))

    assert (False, True) == (near.is_right, near.is_near)
    assert (False, False) == (far.is_right, far.is_near)


def test_how_right_each_section_is() -> None:
    """None too, which stands last; every row is in one cell of the confusion."""
    assert {
        "issue": Figures(right=1, found=3, wanted=1),
        "special": Figures(right=0, found=0, wanted=1),
        "trend": Figures(right=1, found=1, wanted=3),
        "none": Figures(right=1, found=3, wanted=2),
    } == by_section(ANSWERS)
    assert ["issue", "special", "trend", "none"] == [*by_section(ANSWERS)]
    assert {
        ("issue", "issue"): 1, ("trend", "issue"): 1, ("trend", "trend"): 1, ("none", "issue"): 1,
        ("none", "none"): 1, ("trend", "none"): 1, ("special", "none"): 1,
    } == confusion_of(ANSWERS)  # fmt: skip


def test_progress_is_told_to_the_end() -> None:
    """Row by row."""
    steps: list[tuple[int, int]] = []
    rows = [one.row for one in ANSWERS]
    place_rows(rows, make_material(), make_rules(), lambda done, of: steps.append((done, of)))

    assert [(number, 7) for number in range(1, 8)] == steps
