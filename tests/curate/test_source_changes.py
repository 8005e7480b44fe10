"""What counts as a change of a source, and what only looks like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.copies.source_changes import (
    MOST_WORDS,
    changes_between,
    says_the_same,
    told_once,
)
from aggregator.domain.changes import ChangedField, FieldChange, Piece, PieceKind, SourceChange
from aggregator.domain.items import Attachment, Revision
from tests.fixtures.cosmetic import BODY
from tests.fixtures.records import make_item, on_day

SEEN_AT = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)


def revision(rev: int = 1, **changes: object) -> Revision:
    plain = Revision(
        item_id=1,
        rev=rev,
        seen_at=SEEN_AT,
        hash=str(rev),
        link="https://molit.example/1",
        title="스마트시티 데이터 허브 구축",
        summary="",
        content=BODY,
        facts={"day": "2024-02-20", "files": ["보도자료.hwp"], "event": "", "authors": ""},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def body(text: str) -> Revision:
    return revision(content=text)


def told(old: Revision, new: Revision) -> list[tuple[str, str]]:
    """What went and came, in order, as ``-`` and ``+``."""
    signs = {PieceKind.REMOVED: "-", PieceKind.ADDED: "+"}
    return [
        (signs[piece.kind], piece.text)
        for one in changes_between(old, replace(new, rev=2))
        for piece in one.pieces
        if piece.kind in signs
    ]


def swapped(old: str, new: str) -> list[tuple[str, str]]:
    assert old in BODY
    return told(body(BODY), body(BODY.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("120억", "130억", [("-", "120억"), ("+", "130억")]),
        ("1,200개", "1,300개", [("-", "1,200개"), ("+", "1,300개")]),
        ("2. 20.부터", "2. 21.부터", [("-", "20.부터"), ("+", "21.부터")]),
        ("044-201-4975", "044-201-4976", [("-", "044-201-4975"), ("+", "044-201-4976")]),
        ("120억", "&lt; 120억", [("-", "120억"), ("+", "< 120억")]),
        ("장관은", "차관은", [("-", "장관은"), ("+", "차관은")]),
        (" 성과는 연말에 공개한다.", "", [("-", "성과는 연말에 공개한다.")]),
        ("</p><p>장관", "</p><p>정정합니다.</p><p>장관", [("+", "정정합니다.")]),
        ("밝혔다", "밝히지 않았다", [("-", "밝혔다."), ("+", "밝히지 않았다.")]),
    ],
)
def test_words_that_say_something_else(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    """A sum, a count, a day, a telephone, a name, a sentence less or more."""
    assert expected == swapped(old, new)


def test_the_change_stands_among_its_words() -> None:
    """Some words on either side, and a sign for what is left out."""
    (change,) = changes_between(body(BODY), revision(2, content=BODY.replace("120억", "130억")))
    kinds = [piece.kind for piece in change.pieces]
    assert [
        PieceKind.LEFT_OUT, PieceKind.SAME, PieceKind.REMOVED, PieceKind.ADDED, PieceKind.SAME,
        PieceKind.LEFT_OUT,
    ] == kinds  # fmt: skip
    assert change.pieces[1].text.endswith("올해 사업비는")
    assert change.pieces[4].text.startswith("원이며 1,200개")


def test_what_is_quoted_is_what_the_source_says() -> None:
    """Signs between its words are not lost on either side, although they alone are no change."""
    old, new = "<p>대상: 농도가 c > d 인 곳 / 3곳</p>", "<p>대상: 농도가 c > d 인 곳 / 4곳</p>"
    (found,) = changes_between(body(old), replace(body(new), rev=2))
    assert "대상: 농도가 c > d 인 곳 / 3곳 4곳" == " ".join(piece.text for piece in found.pieces)
    assert not told(body(old), body(old.replace(" / ", " ")))


def test_a_count_in_a_sentence_is_no_counter() -> None:
    """Only what stands by itself counts views."""
    old = "<p>도시를 소개한 영상이 조회수 120만 회를 넘었다.</p>"
    assert [("-", "120만"), ("+", "130만")] == told(body(old), body(old.replace("120", "130")))


def test_a_headline_says_that_it_was_mended() -> None:
    """The mark of a correction is what readers look for."""
    old = revision()
    assert [("+", "(정정)")] == told(old, replace(old, title=f"(정정) {old.title}"))


def test_a_headline_that_a_list_cuts_is_the_same() -> None:
    """Another is not, be it cut or not."""
    old = revision()
    assert [] == told(old, replace(old, title="스마트시티 데이터 허…"))
    assert told(old, replace(old, title="스마트시티 교통 허…"))


def test_a_lead_that_stands_in_the_text_is_told_once() -> None:
    """It was taken from there."""
    lead = "올해 사업비는 120억 원이며"
    old = revision(summary=lead)
    new = revision(2, summary=lead.replace("120", "130"), content=BODY.replace("120억", "130억"))
    assert [ChangedField.TEXT] == [one.field for one in changes_between(old, new)]


def test_a_lead_of_its_own_is_looked_at() -> None:
    """A feed may tell in its summary what its text does not."""
    old = revision(summary="모두 120억 원을 들인다.")
    new = replace(old, rev=2, summary="모두 130억 원을 들인다.")
    (change,) = changes_between(old, new)
    assert ChangedField.SUMMARY is change.field


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ({"day": "2024-02-20"}, {"day": "2024-02-21"}, ChangedField.DAY),
        ({"files": ["a.hwp"]}, {"files": ["a.hwp", "정오표.pdf"]}, ChangedField.FILES),
        ({"event": "서밋 2024-03-19"}, {"event": "서밋 2024-03-20"}, ChangedField.EVENT),
        ({"authors": "강원평, 조용성"}, {"authors": "강원평"}, ChangedField.AUTHORS),
    ],
)
def test_what_is_told_beside_the_text(
    before: dict[str, object], after: dict[str, object], field: ChangedField
) -> None:
    """Another day, file, event or author."""
    (change,) = changes_between(revision(facts=before), revision(2, facts=after))
    assert field is change.field


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"day": "2024-02-20"}, {"day": "2024-03-04"}),
        ({"day": ""}, {"day": "2024-02-20"}),
        (None, {"day": "2024-02-20", "files": ["a.hwp"]}),
        ({"files": []}, {"files": ["a.hwp"]}),
        ({"files": ["a.hwp (12KB)"]}, {"files": ["a.hwp [13KB]"]}),
    ],
)
def test_what_is_only_learned_or_stamped(
    before: dict[str, object] | None, after: dict[str, object]
) -> None:
    """A day that is the visit's own, and what an earlier visit had not told."""
    assert () == changes_between(revision(facts=before), revision(2, facts=after))


def test_texts_that_come_or_go_as_a_whole_are_none() -> None:
    """The text of a page that is read later, and a feed that stops to give texts."""
    bare = revision(content="", summary="")
    assert [] == told(bare, revision())
    assert [] == told(revision(), bare)


def test_the_same_words_of_the_source_are_no_change() -> None:
    """Where only our reading of them differs, the source has said nothing."""
    old = revision(raw={"title": "같은 말"})
    assert [] == told(old, revision(content="<p>다르게 읽은 글</p>", raw={"title": "같은 말"}))


def test_cells_of_a_table_that_change_places_are_a_change() -> None:
    """A's sum has become B's."""
    old = "<p>가시</p><p>120억</p><p>나시</p><p>130억</p>"
    new = "<p>가시</p><p>130억</p><p>나시</p><p>120억</p>"
    assert told(body(old), body(new))


def test_what_is_kept_of_a_long_change_is_bounded() -> None:
    """The revisions have the rest."""
    long = " ".join(f"낱말{number}" for number in range(3 * MOST_WORDS))
    (change,) = changes_between(body("<p>짧은 글</p>"), revision(2, content=f"<p>{long}</p>"))
    longest = max(len(piece.text.split()) for piece in change.pieces)
    assert longest <= MOST_WORDS
    assert PieceKind.LEFT_OUT in {piece.kind for piece in change.pieces}


TEXTS = st.lists(
    st.sampled_from(
        ["도시", "120억", "원을", "지원", "2024.2.20", "국토부는", "1,200명", "“말”", "(주)"]
    ),
    min_size=1,
    max_size=40,
)
NOISE = st.sampled_from(
    [
        "조회수 {}",
        "조회 : {}",
        "Hit {}",
        "views {}",
        "추천 {} 댓글 3",
        "[조회 {}]",
        "최종수정 2024-03-{}",
    ]
)


@given(TEXTS, NOISE, st.integers(10, 28), st.integers(10, 28), st.integers(0, 40))
def test_counters_beside_any_text_are_none(
    words: list[str], noise: str, old: int, new: int, at: int
) -> None:
    """Wherever their line stands, and also where they are new."""
    lines = [" ".join(words[:at]), "{}", " ".join(words[at:])]
    page = "".join(f"<p>{line}</p>" for line in lines if line)
    pages = [page.replace("{}", noise.format(number)) for number in (old, new)]
    assert () == changes_between(body(pages[0]), revision(2, content=pages[1]))
    bare = page.replace("<p>{}</p>", "")
    assert () == changes_between(body(bare), revision(2, content=pages[1]))


@given(TEXTS, st.data())
def test_another_number_is_always_seen(words: list[str], data: st.DataObject) -> None:
    """In whatever text, and nothing else is."""
    at = data.draw(st.integers(0, len(words)))
    old, new = ([*words[:at], f"{number}억", *words[at:]] for number in (777, 778))
    pages = [f"<p>{' '.join(each)}</p>" for each in (old, new)]
    assert [("-", "777억"), ("+", "778억")] == told(body(pages[0]), body(pages[1]))


@given(TEXTS)
def test_the_same_text_is_no_change(words: list[str]) -> None:
    """Nor with other blanks."""
    old, new = f"<p>{' '.join(words)}</p>", f"<div>\n{'  '.join(words)} </div>"
    assert [] == told(body(old), body(new))


def change(item_id: int, *words: str, story: str = "a1") -> SourceChange:
    kinds = (PieceKind.REMOVED, PieceKind.ADDED)
    pieces = tuple(Piece(kind=kind, text=word) for kind, word in zip(kinds, words, strict=True))
    return SourceChange(
        public_id=f"{item_id}-{'-'.join(words)}",
        item_id=item_id,
        from_rev=1,
        rev=2,
        at=SEEN_AT,
        story=story,
        title="제목",
        link="",
        fields=(FieldChange(field=ChangedField.TEXT, pieces=pieces),),
    )


def test_a_correction_is_told_once_a_story() -> None:
    """The portal repeats it; another story's, another correction and a change back are told."""
    ministry, portal = change(1, "120억", "130억"), change(2, "120억", "130 억")
    back, again = change(1, "130억", "120억"), change(1, "120억", "130억")
    other = change(3, "120억", "130억", story="b2")
    assert [ministry, back, again, other] == told_once([ministry, portal, back, again, other])


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("title", "스마트시티 '허브' 구축", "스마트시티 ‘허브’ 구축"),
        ("summary", "올해 120억 원을 들인다.", "올해  120억원을 들인다."),
        ("content", "<p>올해 120억 원</p>", "<div>올해 <b>120억</b> 원</div>"),
        ("attachments", (Attachment(url="https://a.example/1"),), (Attachment(url="https://a.example/2"),)),
    ],
)  # fmt: skip
def test_what_says_the_same(field: str, old: object, new: object) -> None:
    """Other signs, markup, and addresses of files."""
    before = replace(make_item("a1"), **{field: old})  # type: ignore[arg-type]
    assert says_the_same(before, replace(before, **{field: new}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("title", "스마트시티 허브 구축", "스마트시티 허브 구축 취소"),
        ("summary", "올해 120억 원을 들인다.", "올해 130억 원을 들인다."),
        ("content", "", "<p>올해 120억 원</p>"),
        ("content", "<p>올해 120억 원을…</p>", "<p>올해 120억 원을 들인다.</p>"),
        ("published", on_day(date(2024, 2, 20)), on_day(date(2024, 2, 21))),
        ("licence", "", "kogl-1"),
        ("attachments", (), (Attachment(url="https://a.example/1", name="붙임.hwp"),)),
    ],
)
def test_what_says_something_else(field: str, old: object, new: object) -> None:
    """A word, a number, a text where none was, the rest of one, a day, a licence, a file."""
    before = replace(make_item("a1"), **{field: old})  # type: ignore[arg-type]
    assert not says_the_same(before, replace(before, **{field: new}))  # type: ignore[arg-type]
