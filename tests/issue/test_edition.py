"""An issue in each language, down to the printed strings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body, Level
from aggregator.domain.issues import (
    Edition,
    Origin,
    Phrase,
    Pick,
    PickField,
    PickState,
    PickText,
    PrintedItem,
)
from aggregator.domain.items import EventFacts, Image, Item
from aggregator.issue.edition import Picked, build_edition, in_printed_order
from tests.fixtures.desk import EXPO, make_bodies, make_series, paper, release
from tests.fixtures.planets import make_placed, make_stored

CATALOGUE = Catalogue.load()
VENUES = "Taipei Nangang Exhibition Center Hall 2 & Kaohsiung Exhibition Center"


PICTURE = "https://lx.example/p.png"


def picked(item: Item, section: str, *texts: PickText, number: int = 1, **more: object) -> Picked:
    pick = Pick(
        issue_id=1,
        story_id=number,
        section=section,
        state=PickState.ACCEPTED,
        origin=Origin.EDITOR,
        texts=texts,
    )
    story = make_placed(f"{number:016}", make_stored(item, number)).story
    return Picked(pick=replace(pick, **more), story=story)  # type: ignore[arg-type]


def english(field: PickField, text: str, of: str, **more: object) -> PickText:
    plain = PickText(language="en", field=field, text=text, origin=Origin.EDITOR, of=of)
    return replace(plain, **more)  # type: ignore[arg-type]


def edition(*found: Picked, language: str = "en") -> Edition:
    return build_edition(
        make_series(),
        found,
        language=language,
        number=48,
        issue_on=date(2024, 3, 4),
        bodies=make_bodies(),
        catalogue=CATALOGUE,
    )


def printed(one: Picked, language: str = "en") -> PrintedItem:
    return edition(one, language=language).sections[0].items[0]


def text(line: tuple[Phrase, ...]) -> str:
    return "".join(phrase.text for phrase in line)


def test_an_edition_has_its_labels_and_its_heading() -> None:
    """Sections in order, empty ones left out, each label in the language."""
    found = (picked(release("seoul", "연구"), "trend"), picked(release("msit", "통신"), "issue"))

    made = edition(*found)

    assert ["Issue", "Policy Trend"] == [section.label for section in made.sections]
    assert ["이슈", "정책동향"] == [s.label for s in edition(*found, language="ko").sections]
    assert "No. 48 (2024.3.4)" == made.heading
    assert "Check out the policy information!" == made.tagline


@pytest.mark.parametrize(
    ("language", "expected"), [("ko", "2024.2.7 / 경기도"), ("en", "2024.2.7 / Gyeonggi-do")]
)
def test_a_byline_has_the_day_and_the_print_name(language: str, expected: str) -> None:
    """Without zero padding, in the language of the edition."""
    item = release("gyeonggi", "버스", date(2024, 2, 7))

    assert expected == printed(picked(item, "trend"), language).byline


def test_an_item_without_a_body_has_its_day() -> None:
    """And one without both has an empty byline."""
    assert "2024.2.10" == printed(picked(release("seoul", "연구", body=""), "trend")).byline
    assert "" == printed(picked(release("seoul", "연구", None, body="gone"), "trend")).byline


def test_a_translation_is_printed_in_its_language() -> None:
    """Headline and blurb each by itself; what is not translated keeps its own language."""
    item = release("seoul", "연구")

    made = printed(picked(item, "trend", english(PickField.HEADLINE, "Research", item.title)))

    assert Phrase(text="Research", language="en") == made.headline
    assert Phrase(text=item.summary, language="ko") == made.blurb


@pytest.mark.parametrize(
    "changes", [{"fuzzy": True}, {"of": "another text"}, {"text": ""}, {"text": "  "}]
)
def test_an_unfit_translation_is_not_printed(changes: dict[str, object]) -> None:
    """Marked fuzzy, made of another text, or blank: the Korean text stands under its byline."""
    item = release("seoul", "연구")
    unfit = replace(english(PickField.HEADLINE, "Research", item.title), **changes)  # type: ignore[arg-type]

    made = printed(picked(item, "trend", unfit))

    assert Phrase(text=item.title, language="ko") == made.headline
    assert "2024.2.10 / Seoul" == made.byline


def test_a_headline_loses_the_marks_of_the_press_office() -> None:
    """In the edition only; the item keeps its title."""
    made = printed(picked(release("seoul", "연구", title="(석간) 서울시, 연구"), "trend"))

    assert "서울시, 연구" == made.headline.text


def test_an_english_item_is_marked_english_in_both() -> None:
    """Its own words stand in the Korean edition too, marked as what they are."""
    item = release("seoul", "research", title="Seoul opens a lab", language="en")

    assert Phrase(text="Seoul opens a lab", language="en") == (
        printed(picked(item, "trend"), "ko").headline
    )


def test_a_korean_translation_of_an_english_item_is_printed() -> None:
    """Translations go both ways."""
    item = release("seoul", "research", title="Seoul opens a lab", language="en")
    korean = replace(english(PickField.HEADLINE, "서울시, 연구소 연다", item.title), language="ko")

    assert Phrase(text="서울시, 연구소 연다", language="ko") == (
        printed(picked(item, "trend", korean), "ko").headline
    )


def test_a_video_has_its_note_and_no_blurb() -> None:
    """Headline, byline, picture and note, as its shape prints."""
    item = release("lx", "공간", thumbnail="https://lx.example/p.png")

    made = printed(picked(item, "special"))

    assert "2024.2.10 / LX Korea Land Information Corporation" == made.byline
    assert ("※ Go to video > Click image", "https://lx.example/p.png", None) == (
        made.note,
        made.thumbnail,
        made.blurb,
    )


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (
            (Image(url=PICTURE, alt=" 야경 속의\n다리 "),),
            Phrase(text="야경 속의 다리", language="ko"),
        ),
        ((Image(url=PICTURE), Image(url=PICTURE, alt="다리")), Phrase(text="다리", language="ko")),
        ((Image(url="https://lx.example/other.png", alt="항구"),), None),
        ((), None),
    ],
)
def test_a_picture_keeps_what_its_source_says_it_shows(
    images: tuple[Image, ...], expected: Phrase | None
) -> None:
    """In the source's language, in either edition; another picture's words are not its own."""
    item = release("lx", "공간", thumbnail=PICTURE, images=images)

    assert expected == printed(picked(item, "special"), "ko").alt
    assert expected == printed(picked(item, "special"), "en").alt


def test_words_of_a_picture_that_is_not_there_are_none() -> None:
    """An image without an address is not the thumbnail that is missing."""
    item = release("lx", "공간", images=(Image(url="", alt="다리"),))

    assert printed(picked(item, "special")).alt is None


def test_a_paper_prints_its_authors_by_affiliation() -> None:
    """Neighbours share theirs; no day, no body."""
    made = printed(picked(paper(), "literature"), "ko")

    assert made.authors == Phrase(
        text="강원평, 조용성 (한국지능형교통체계협회) / 김경석 (공주대학교)", language="ko"
    )
    assert "" == made.byline


def test_a_paper_prints_translated_authors() -> None:
    """The English line replaces the Korean one."""
    source = "강원평, 조용성 (한국지능형교통체계협회) / 김경석 (공주대학교)"
    line = "Kang Won-pyeong, Cho Yong-seong (KITSA) / Kim Gyeong-seok (Kongju National University)"

    made = printed(picked(paper(), "literature", english(PickField.AUTHORS, line, source)))

    assert Phrase(text=line, language="en") == made.authors


def test_an_event_prints_three_lines() -> None:
    """Name; days and venues; subject and telephone, each in one language throughout."""
    item = release("molit", "엑스포", event=EXPO)
    made = printed(
        picked(
            item,
            "news",
            english(PickField.EVENT_NAME, "2024 Smart City Summit & Expo", EXPO.name),
            english(
                PickField.VENUE,
                "Taipei Nangang Exhibition Center Hall 2 & Kaohsiung Exhibition Center",
                "타이베이 난강전시센터 2관 및 가오슝전시센터",
            ),
            english(PickField.SUBJECT, "Digital & Green Transformation", EXPO.subject),
        )
    )

    assert [
        "Event Name: 2024 Smart City Summit & Expo",
        f"Date/Location: '24.3.19~23 / {VENUES}",
        "Subject: Digital & Green Transformation / 02-3667-3114",
    ] == [text(line) for line in made.lines]
    assert {"en"} == {phrase.language for line in made.lines for phrase in line}


def test_an_untranslated_part_of_a_line_keeps_its_language() -> None:
    """English label and days, a Korean venue between, an English telephone."""
    made = printed(picked(release("molit", "엑스포", event=EXPO), "news"))

    assert [
        ("en", "Date/Location: "),
        ("en", "'24.3.19~23 / "),
        ("ko", "타이베이 난강전시센터 2관 및 가오슝전시센터"),
    ] == [(phrase.language, phrase.text) for phrase in made.lines[1]]
    assert [("en", "Subject: "), ("ko", "디지털·그린 전환"), ("en", " / 02-3667-3114")] == [
        (phrase.language, phrase.text) for phrase in made.lines[2]
    ]


def test_an_events_korean_lines() -> None:
    """The same three in Korean."""
    made = printed(picked(release("molit", "엑스포", event=EXPO), "news"), "ko")

    assert "'24.3.19~23 / 타이베이 난강전시센터 2관 및 가오슝전시센터" in text(made.lines[1])
    assert "디지털·그린 전환 / 02-3667-3114" in text(made.lines[2])
    assert all(phrase.language == "ko" for line in made.lines for phrase in line)


def test_empty_parts_of_an_event_leave_no_stroke() -> None:
    """What the organiser does not say is left out with its line."""
    day = date(2024, 3, 19)
    bare = EventFacts(name="서밋", starts_on=day, ends_on=day)

    made = printed(picked(release("molit", "서밋", event=bare), "news"), "ko")

    assert 2 == len(made.lines)
    assert not any(text(line).rstrip().endswith(("/", ":")) for line in made.lines)


def test_a_pick_of_a_section_that_is_gone_is_left_out() -> None:
    """A section that left the configuration takes its picks out of the print."""
    one = picked(release("seoul", "연구"), "gone")

    assert [] == in_printed_order([one], make_series(), make_bodies())
    assert () == edition(one).sections


@pytest.mark.parametrize(("language", "expected"), [("ko", "경기도"), ("en", "Gyeonggi-do")])
def test_a_region_is_kept_with_its_printed_name(language: str, expected: str) -> None:
    """In the language of the edition, with its place among the others."""
    made = printed(picked(release("gyeonggi", "버스"), "trend"), language)

    assert ("gyeonggi", expected, 50) == (made.region, made.region_name, made.region_order)


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2026, 6, 30), "ulsan"), (date(2026, 7, 1), "gyeonggi")]
)
def test_a_body_lies_where_it_lay_on_the_day(day: date, expected: str) -> None:
    """A region that was founded later is no item's."""
    county = Body(
        id="haenam",
        name="해남군",
        print_names={"ko": "해남군"},
        level=Level.COUNTY,
        order=900,
        region="gyeonggi",
        former_region="ulsan",
        region_since=date(2026, 7, 1),
    )
    made = build_edition(
        make_series(),
        [picked(release("seoul", "드론", day, body="haenam"), "trend")],
        language="ko",
        number=48,
        issue_on=date(2026, 7, 6),
        bodies={**make_bodies(), "haenam": county},
        catalogue=CATALOGUE,
    )

    assert expected == made.sections[0].items[0].region
