from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import Entry
from aggregator.read.items.licence import licence_of, licence_slug


@pytest.mark.parametrize(
    ("name", "value", "slug"),
    [
        ("kogltype", "1", "KOGL-1"),
        ("koglType", "제4유형", "KOGL-4"),
        ("koglSeCode", "02", "KOGL-2"),
        ("koglType", "KOGL Type 3", "KOGL-3"),
        ("koglType", "출처표시, 공공누리", "KOGL-1"),
        ("koglType", "0", ""),
        ("koglType", "N", ""),
        ("koglType", "9", ""),
        ("license", "1", ""),
        ("license", "공공누리 제2유형", "KOGL-2"),
        ("cc_license", "http://creativecommons.org/licenses/by-sa/2.0/kr/", "CC-BY-SA-2.0-KR"),
        ("creativecommons_license", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("license", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("dc_rights", "All rights reserved", ""),
        ("subject", "공공누리 제1유형", ""),
    ],
)
def test_fields(name: str, value: str, slug: str) -> None:
    """A field made for it states the licence; a number alone only where the field is of KOGL."""
    assert slug == licence_of(Entry(fields={name: value}), "")


@pytest.mark.parametrize(
    ("rights", "slug"),
    [
        ("공공누리 제1유형", "KOGL-1"),
        ("공공누리 1유형: 출처표시", "KOGL-1"),
        ("KOGL Type 1", "KOGL-1"),
        ("공공누리 제4유형 (출처표시+상업적 이용금지+변경금지)", "KOGL-4"),
        ("공공누리 출처표시-변경금지", "KOGL-3"),
        ("공공누리 제0유형", "KOGL-0"),
        ("https://www.kogl.or.kr/info/license.do#02-tab", "KOGL-2"),
        ("https://www.kogl.or.kr/info/licenseType4.do", "KOGL-4"),
        ("CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ("CC BY", ""),
        ("CC0", "CC0-1.0"),
        ("공공누리 제1유형 (출처표시, 상업적 이용금지)", ""),
        ("공공누리 제1유형 또는 공공누리 제4유형", ""),
        ("공공누리", ""),
        ("(c) 2024 City", ""),
        ("", ""),
    ],
)
def test_rights(rights: str, slug: str) -> None:
    """The notice of an entry is read as a whole; what contradicts itself says nothing."""
    assert slug == licence_of(Entry(rights=rights), "")


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("본 저작물은 공공누리 제1유형에 따라 이용할 수 있습니다.", "KOGL-1"),
        (
            "※ 이 자료는 공공누리 제4유형(출처표시+상업적 이용금지+변경금지)으로 개방되었습니다.",
            "KOGL-4",
        ),
        ("[공공누리 제2유형]", "KOGL-2"),
        ("저작권: 공공누리 제3유형", "KOGL-3"),
        ("License: CC BY 4.0", "CC-BY-4.0"),
        ("This work is licensed under https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("공공누리 제1유형을 확대한다고 밝혔다.", ""),
        ("문체부는 공공누리 제1유형으로 사진을 개방한다.", ""),
        ("이 사진은 공공누리 제1유형으로 개방되었습니다.", ""),
        ("사진=서울시(공공누리 제1유형)", ""),
        ("시는 CC BY 4.0 으로 데이터를 공개한다.", ""),
        ("공공누리 누리집 개편", ""),
    ],
)
def test_notices_in_the_text(line: str, slug: str) -> None:
    """A line that is a notice about the text counts, a report about licences does not."""
    assert slug == licence_of(Entry(), f"국토교통부는 27일 밝혔다.\n{line}\n담당: 홍길동")


def test_two_statements_cancel_each_other() -> None:
    """Where field and notice differ nothing is known."""
    entry = Entry(fields={"kogltype": "1"}, rights="공공누리 제4유형")
    assert "" == licence_of(entry, "")
    assert "KOGL-1" == licence_of(Entry(fields={"kogltype": "1"}, rights="공공누리 1유형"), "")


@pytest.mark.parametrize(
    ("markup", "slug"),
    [
        ("<a rel='license' href='https://creativecommons.org/licenses/by/4.0/'>x</a>", "CC-BY-4.0"),
        ("<a href='https://creativecommons.org/licenses/by/4.0/'>x</a>", ""),
        ("<img src='/img/img_opentype01.png' alt='공공누리 제1유형'>", "KOGL-1"),
        ("<img src='/img/new_img_opencode4.jpg'>", "KOGL-4"),
        ("<img src='/img/img_opentype01.png' alt='공공누리 제4유형'>", ""),
    ],
)
def test_marked_links_and_badges(markup: str, slug: str) -> None:
    """A link marked as licence and the badge of a type are statements."""
    assert slug == licence_of(Entry(content=markup), "")


def test_slug_of_a_caption() -> None:
    """A short notice names one licence or none."""
    assert "KOGL-1" == licence_slug("공공누리 제1유형")
    assert "" == licence_slug("CC BY 4.0, CC BY 3.0")


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(["공공누리", " ", "제", "1", "4", "유형", "KOGL", "type", "출처표시", "변경금지", "본 저작물은 ",
                         "CC BY ", "4.0", "0", "creativecommons.org/licenses/by/", "\n"]),
        max_size=20,
    ).map("".join)
)  # fmt: skip
def test_any_text_gives_one_slug_or_none(text: str) -> None:
    """No text gives more than one licence or raises."""
    entry = Entry(rights=text, fields={"kogltype": text, "license": text}, content=text)
    assert len(licence_of(entry, text).split()) <= 1


def test_the_long_name_of_the_korean_licence() -> None:
    """공공누리 is short for it."""
    assert "KOGL-1" == licence_of(Entry(), "공공저작물 자유이용허락 제1유형(출처표시)")
    assert "KOGL-4" == licence_slug("공공저작물 자유이용허락표시(공공누리) 제4유형")
