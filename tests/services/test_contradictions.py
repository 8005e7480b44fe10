"""Editors' words on pairs that the rules of folding would have decided otherwise."""

from __future__ import annotations

from aggregator.domain.stories import Verdict
from aggregator.services.desk import Desk
from aggregator.services.lab.contradictions import Contradictions
from aggregator.services.lab.rulebook import Rulebook
from tests.fixtures.desk import bring, release

COPY = "스마트시티 국가시범도시 실시계획 승인 환영"
LEAD = "국가시범도시 실시계획이 승인되었다. 올해 안에 착공하여 내년 말까지 첫 입주를 시작한다고 밝혔다."


def contradictions(desk: Desk, *verdicts: tuple[str, str, bool]) -> list[tuple[str, bool, int]]:
    """The overruled rules, after editors said of these pairs of keys whether they are the same."""
    items = {one.item.key: one.id for one in desk.store.items()}
    said = []
    for one, other, same in verdicts:
        first, second = sorted((items[one], items[other]))
        said.append(
            Verdict(item_a=first, item_b=second, same=same, by="editor", at=desk.clock.now())
        )
    desk.store.save_verdicts(said)
    book = Rulebook(rules=desk.rules, series=desk.series, feeds=desk.feeds, bodies=desk.bodies)
    gathered = Contradictions(desk.store, book)
    gathered.note(list(items.values()))
    return [(one.rule, one.same, len(one.pairs)) for one in gathered.result()]


def test_a_split_of_what_rules_fold(desk: Desk) -> None:
    """By the rule that folds it."""
    bring(
        desk,
        release("molit", "가", title=COPY, summary=LEAD),
        release("seoul", "나", title=COPY, summary=LEAD),
    )

    ((rule, same, pairs),) = contradictions(desk, ("가", "나", False))

    assert rule
    assert not rule.startswith("veto")
    assert (False, 1) == (same, pairs)


def test_a_join_of_what_rules_keep_apart(desk: Desk) -> None:
    """By what kept it apart."""
    bring(
        desk, release("molit", "가", title="하천 정비"), release("seoul", "나", title="연구 협력")
    )

    ((_, same, pairs),) = contradictions(desk, ("가", "나", True))

    assert (True, 1) == (same, pairs)


def test_a_word_that_agrees_is_no_contradiction(desk: Desk) -> None:
    """Nor are items on which nobody said anything."""
    bring(
        desk, release("molit", "가", title="하천 정비"), release("seoul", "나", title="연구 협력")
    )

    assert [] == contradictions(desk, ("가", "나", False))
    assert [] == contradictions(desk)
