"""Facts for the lint are gathered as they are, links are asked, and the gate keeps what is red in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import polib
import pytest

from aggregator.domain.errors import BadStatus, ConnectFailed, FetchError, LintRefused, TooLarge
from aggregator.domain.issues import IssueStatus, PickField
from aggregator.issue.lint.publishing import lint_issue
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of, open_draft
from aggregator.services.editing.edit import accept
from aggregator.services.publishing.linting import ask_links, facts_of, gate
from aggregator.services.publishing.publish import publish_issue
from aggregator.services.publishing.translate import export_translation, import_translation
from tests.fixtures.desk import bring, make_press, release

SUM = "스마트시티에 200억 원을 들인다."


def translate(desk: Desk, text: str) -> None:
    """Every text of the draft gets this translation."""
    file = polib.pofile(export_translation(desk, None, language="en"))
    for entry in file:
        entry.msgstr = text
    import_translation(desk, str(file), None, language="en")


def codes(desk: Desk) -> set[str]:
    """What is found in the draft."""
    return {finding.code for finding in lint_issue(facts_of(desk, open_draft(desk)))}


def test_facts_are_the_items_own(desk: Desk) -> None:
    """Day, link, body, the item's licence, what both languages print."""
    bring(desk, release("seoul", "연구", licence="KOGL-4"))

    (item,) = facts_of(desk, open_draft(desk)).items

    assert ("https://seoul.example/연구", "seoul", True, "KOGL-4") == (
        item.url,
        item.body,
        item.body_known,
        item.licence,
    )
    assert [(PickField.HEADLINE, "ko"), (PickField.BLURB, "ko")] == [
        (text.field, text.language) for text in item.texts
    ]


def test_a_translation_is_held_against_its_source(desk: Desk) -> None:
    """With the day and body of its byline beside it."""
    bring(desk, release("seoul", "연구", summary=SUM))
    translate(desk, "The smart city costs 2 billion won.")

    (item,) = facts_of(desk, open_draft(desk)).items

    assert "amount-wrong" in codes(desk)
    assert {("seoul", item.day)} == {(pair.body, pair.printed_on) for pair in item.pairs}


def test_a_fuzzy_translation_is_counted_alone(desk: Desk) -> None:
    """It is not printed, so that nothing more is said of it."""
    bring(desk, release("seoul", "연구", summary=SUM))
    translate(desk, "The smart city costs 2 billion won.")
    bring(desk, release("seoul", "연구", title="다른 스마트시티", summary=SUM + " 곧."))

    found = codes(desk)

    assert "fuzzy" in found
    assert "amount-wrong" not in found


def test_what_an_earlier_issue_had_is_told(desk: Desk, tmp_path: Path) -> None:
    """By its number, once an editor takes it again."""
    bring(desk, release("seoul", "연구"))
    publish_issue(desk, make_press(tmp_path))
    accept(desk, "연구")

    (item,) = facts_of(desk, open_draft(desk)).items

    assert "printed in No. 48" == str(item.repeats)


class Answers:
    """A fetcher that answers as told by the last part of the address."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        """A page, or what is wrong with it."""
        raised: dict[str, FetchError] = {
            "gone": BadStatus("no", feed_id="", url=request.url, status=404),
            "shut": ConnectFailed("no", feed_id="", url=request.url),
            "large": TooLarge("no", feed_id="", url=request.url),
        }
        error = raised.get(request.url.rpartition("/")[2])
        if error is not None:
            raise error
        return Fetched(
            url=request.url,
            status=200,
            body=b"",
            media_type="text/html",
            charset="",
            etag=None,
            last_modified=None,
        )

    async def aclose(self) -> None:
        """Nothing to give back."""


@pytest.mark.parametrize(
    ("key", "expected"),
    [("fine", (True, 0)), ("large", (True, 0)), ("gone", (False, 404)), ("shut", (False, 0))],
)
def test_a_link_is_asked(desk: Desk, key: str, expected: tuple[bool, int]) -> None:
    """A page that is too large to read answers all the same."""
    bring(desk, release("seoul", key))
    draft = open_draft(desk)

    (answer,) = asyncio.run(ask_links(Answers(), facts_of(desk, draft)))

    assert expected == (answer.ok, answer.status)
    assert (draft.picked[0].story.public_id,) == answer.items


def test_red_stays_in_whoever_asks(desk: Desk, tmp_path: Path) -> None:
    """The draft stays a draft."""
    bring(desk, release("seoul", "연구", summary=SUM))
    translate(desk, "The 스마트시티 costs 20 billion won.")

    with pytest.raises(LintRefused, match="red hangul-left"):
        publish_issue(desk, make_press(tmp_path), gate=gate(desk, accepted_by="Kim"))

    assert IssueStatus.DRAFT == draft_of(desk, None).issue.status


def test_amber_goes_out_with_a_name(desk: Desk, tmp_path: Path) -> None:
    """Which the log keeps with the issue, and what was found."""
    bring(desk, release("seoul", "연구"))
    issue = open_draft(desk).issue

    publish_issue(desk, make_press(tmp_path), gate=gate(desk, accepted_by="Kim"))

    (edit,) = [e for e in desk.store.edits(f"issue:{issue.id}") if e.field == "lint"]
    assert ("Kim", "accept-warnings") == (edit.actor, edit.cause)
    assert edit.new.endswith(", untranslated")


def test_amber_without_a_name_stays_in(desk: Desk, tmp_path: Path) -> None:
    """A line for each, and how to go on."""
    bring(desk, release("seoul", "연구"))

    with pytest.raises(
        LintRefused, match=r"(?s)--accept-warnings NAME\namber unconfirmed.+\namber section-empty"
    ):
        publish_issue(desk, make_press(tmp_path), gate=gate(desk))
