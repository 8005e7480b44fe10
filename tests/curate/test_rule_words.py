"""The rules of folding in plain English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.curate.copies import fold_stories, pairs, title_facts, vetoes
from aggregator.curate.copies.pairs import decide_pair
from aggregator.curate.copies.rule_words import SENTENCES, VETO, rule_words
from aggregator.domain.feeds import Carries
from tests.curate.make import LEAD, features_of, make_item


def calls(module: object) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a plain function in a module, with its name."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def accepting() -> set[str]:
    """The rules that make two items one: what functions with such a name give out with a strength."""
    tree = ast.parse(Path(str(pairs.__file__)).read_text(encoding="utf-8"))
    return {
        str(pair.elts[0].value)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name.startswith("_accept")
        for pair in ast.walk(function)
        if isinstance(pair, ast.Tuple) and isinstance(pair.elts[0], ast.Constant)
    }


def kinds_of_numbers() -> set[str]:
    """The kinds of numbers that a title is searched for: what ``title_facts`` gives out."""
    tree = ast.parse(Path(str(title_facts.__file__)).read_text(encoding="utf-8"))
    first: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            first.append(node.value.elts[0])
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            # A table of kinds and patterns that is walked through.
            first += [row.elts[0] for row in node.iter.elts if isinstance(row, ast.Tuple)]
    heads = [kind.values[0] if isinstance(kind, ast.JoinedStr) else kind for kind in first]
    return {str(head.value).split()[0] for head in heads if isinstance(head, ast.Constant)}


def slugs() -> set[str]:
    """Every slug that deciding a pair, or folding, can give."""
    found = {fold_stories.FIRST_RULE, fold_stories.VERDICT_RULE}
    for module in (pairs, vetoes, fold_stories):
        for name, call in calls(module):
            first = call.args[0] if call.args else None
            if name in {"_same", "_veto"} and isinstance(first, ast.Constant):
                found.add(f"{VETO if name == '_veto' else ''}{first.value!s}")
            found |= {
                str(word.value.value)
                for word in call.keywords
                if name == "PairDecision"
                and word.arg == "rule"
                and isinstance(word.value, ast.Constant)
            }
    # A pair that is only glanced at, and not the same, names no rule.
    return (found | accepting() | {f"{VETO}{kind}" for kind in kinds_of_numbers()}) - {""}


def test_every_rule_has_a_sentence() -> None:
    """And no sentence is left of a rule that is gone."""
    assert slugs() == SENTENCES.keys()


@pytest.mark.parametrize("slug", SENTENCES)
def test_a_sentence_needs_no_figures(slug: str) -> None:
    """What an older version stored may have others."""
    assert rule_words(slug, {})


def test_a_rule_of_another_version_is_told_by_its_slug() -> None:
    """Nothing is invented."""
    assert "veto:moon" == rule_words("veto:moon", {"a": 1})


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("수원시 드론 실증", "용인시 드론 실증", "another region: 수원시 / 용인시"),
        ("드론 실증 1차 공모", "드론 실증 2차 공모", "another number of a series: 1 / 2"),
        ("2023년 드론 실증 공모", "2024년 드론 실증 공모", "another year: 2023 / 2024"),
        ("드론 실증 착수", "드론 실증 준공", "another stage: start / completion"),
        ("드론 실증 추가 안내", "드론 실증 안내", "only one of the two says 추가"),
        ("소방헬기 격납고", "의료기기 창고", "does not mention: 격납고, 소방헬기 / 의료기기, 창고"),
    ],
)
def test_a_veto_says_what_differs(one: str, other: str, words: str) -> None:
    """As the pair was decided, with what each side says."""
    a, b = (features_of(make_item(n, title)) for n, title in enumerate((one, other), start=1))
    decided = decide_pair(a, b, ())

    assert words in rule_words(decided.rule, decided.detail)


def test_what_is_the_same_says_how_alike() -> None:
    """In percent, and with the lead where both have one."""
    a = features_of(make_item(1, "스마트도시 데이터 표준 마련한다", summary=LEAD))
    b = features_of(make_item(2, "스마트도시 데이터 표준 마련", summary=LEAD))
    decided = decide_pair(a, b, ())

    assert "same_lead" == decided.rule
    assert "titles 91 % alike, leads 100 % alike" == rule_words(decided.rule, decided.detail)


def test_an_article_is_never_folded_with_a_release() -> None:
    """However alike the two are."""
    a = features_of(make_item(1, summary=LEAD))
    b = features_of(make_item(2, summary=LEAD, feed="korea-kr"), Carries.ARTICLE)
    decided = decide_pair(a, b, ())

    assert rule_words(decided.rule, decided.detail).startswith("an article of a portal is never")


def test_a_verdict_says_by_whom_and_why() -> None:
    """An editor's word needs no figures."""
    detail = {"by": "mina", "reason": "same release"}

    assert "by the word of mina (same release)" == rule_words("verdict", detail)
