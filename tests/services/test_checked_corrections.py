"""Corrections pass the lint as an issue does; and the lint of a published issue reads what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.errors import LintRefused, UsageError
from aggregator.issue.lint.publishing import lint_issue
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of, open_draft
from aggregator.services.publishing.corrected_texts import ANY, Wanted
from aggregator.services.publishing.correcting import record_correction
from aggregator.services.publishing.linting import facts_of
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import bring, make_press, release

MIXED = "Haenam 한글 smartcityof"


@pytest.fixture
def printed(desk: Desk, tmp_path: Path) -> Desk:
    """No. 48 with one release, whose English edition has Korean texts."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path), number=48)
    return desk


def put_right(
    desk: Desk, name: CorrectedField, values: dict[str, str], *, accepted_by: str = ""
) -> str:
    """The byline after the correction."""
    wanted = Wanted(
        number=48, item="수출", field=name, by="Kim", values=values, accepted_by=accepted_by
    )
    names = {body.name: body.id for body in desk.bodies.values()}
    made = record_correction(desk, wanted, issuer=names.get)
    return made.issue.editions[0].sections[0].items[0].byline


def codes(desk: Desk) -> list[str]:
    """What the lint finds in No. 48."""
    return [one.code for one in lint_issue(facts_of(desk, draft_of(desk, 48)))]


def recorded(desk: Desk) -> int:
    return len(desk.store.corrections("smart-city"))


@pytest.mark.parametrize("name", ["", "Lee"])
def test_red_is_not_put_there(printed: Desk, name: str) -> None:
    """Hangul in an English headline, whoever answers for it."""
    with pytest.raises(LintRefused, match=r"(?s)No\. 48 is not corrected, .*red hangul-left"):
        put_right(printed, CorrectedField.HEADLINE, {"en": MIXED}, accepted_by=name)
    assert 0 == recorded(printed)


def test_amber_needs_a_name(printed: Desk) -> None:
    """Which stands in the log of the issue, with what was found."""
    long = {"en": "Smart city export support " * 8}
    with pytest.raises(LintRefused, match="amber long"):
        put_right(printed, CorrectedField.HEADLINE, long)
    assert 0 == recorded(printed)

    put_right(printed, CorrectedField.HEADLINE, long, accepted_by="Lee")

    target = f"issue:{draft_of(printed, 48).issue.id}"
    (edit,) = [one for one in printed.store.edits(target) if one.field == "lint"]
    assert ("Lee", "accept-warnings", True) == (edit.actor, edit.cause, "long" in edit.new)


def test_what_was_wrong_before_does_not_block(printed: Desk) -> None:
    """Nobody could mend one thing after the other."""
    assert "untranslated" in codes(printed)
    byline = put_right(printed, CorrectedField.DAY, {ANY: "2024-02-11"})
    assert byline.startswith("2024.2.11 / ")


def test_the_lint_reads_what_is_printed(printed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The corrected text, not that of the pick."""
    monkeypatch.setattr("aggregator.services.publishing.correcting.lint_issue", lambda _facts: ())
    put_right(printed, CorrectedField.HEADLINE, {"en": MIXED})
    assert "hangul-left" in codes(printed)


@pytest.mark.parametrize("day", ["0001-01-01", "2999-12-31", "2024-03-05", "2023-01-30"])
def test_a_day_that_cannot_be_is_refused(printed: Desk, day: str) -> None:
    """After that of the issue, or longer before its window than anything is late."""
    with pytest.raises(UsageError, match="from 2023-01-31 to its own, 2024-03-04"):
        put_right(printed, CorrectedField.DAY, {ANY: day}, accepted_by="Lee")
    assert 0 == recorded(printed)


def test_a_day_before_the_window_needs_a_name(printed: Desk) -> None:
    """As it does in a draft."""
    with pytest.raises(LintRefused, match="amber day-outside"):
        put_right(printed, CorrectedField.DAY, {ANY: "2024-01-30"})
    byline = put_right(printed, CorrectedField.DAY, {ANY: "2024-01-30"}, accepted_by="Lee")
    assert byline.startswith("2024.1.30 / ")


@pytest.mark.parametrize("link", ["http://10.0.0.1/x", "http://localhost/", "https://a:b@c.kr/"])
def test_a_link_that_would_not_be_printed_is_refused(printed: Desk, link: str) -> None:
    """One line says why."""
    with pytest.raises(UsageError, match="readers cannot be sent to"):
        put_right(printed, CorrectedField.LINK, {ANY: link})
    assert 0 == recorded(printed)


def test_two_values_for_one_text_are_refused(printed: Desk) -> None:
    """Neither is dropped without a word."""
    with pytest.raises(UsageError, match="--value and --value-ko are both the ko text"):
        put_right(printed, CorrectedField.HEADLINE, {ANY: "가", "ko": "나"})
