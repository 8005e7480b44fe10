"""Licences as people read them: on issue pages, in the foot of mails, in feeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Edition
from aggregator.domain.publishing import Planet
from aggregator.publish.licences import attribution, licence_words
from aggregator.read.items.licence import licence_slug
from tests.fixtures.rendering import render_site

WORDS = {
    "KOGL-0": ("공공누리 제0유형(자유이용)", "KOGL Type 0 (Free Use)"),
    "KOGL-1": ("공공누리 제1유형(출처표시)", "KOGL Type 1 (Attribution)"),
    "KOGL-2": (
        "공공누리 제2유형(출처표시·상업적 이용금지)",
        "KOGL Type 2 (Attribution, NonCommercial)",
    ),
    "KOGL-3": ("공공누리 제3유형(출처표시·변경금지)", "KOGL Type 3 (Attribution, NoDerivatives)"),
    "KOGL-4": (
        "공공누리 제4유형(출처표시·상업적 이용금지·변경금지)",
        "KOGL Type 4 (Attribution, NonCommercial, NoDerivatives)",
    ),
    "CC-BY-4.0": ("CC BY 4.0(저작자표시)", "CC BY 4.0 (Attribution)"),
    "CC-BY-NC-SA-2.0-KR": (
        "CC BY-NC-SA 2.0 KR(저작자표시·비영리·동일조건변경허락)",
        "CC BY-NC-SA 2.0 KR (Attribution, NonCommercial, ShareAlike)",
    ),
    "CC-BY-ND-4.0": ("CC BY-ND 4.0(저작자표시·변경금지)", "CC BY-ND 4.0 (Attribution, NoDerivatives)"),
    "CC0-1.0": ("CC0 1.0(권리 포기)", "CC0 1.0 (No Rights Reserved)"),
}  # fmt: skip


@pytest.mark.parametrize("slug", WORDS)
def test_a_licence_has_a_name_in_both_languages(slug: str) -> None:
    """With what it asks for."""
    catalogue = Catalogue.load()
    said = tuple(licence_words(slug, language, catalogue) for language in ("ko", "en"))
    assert WORDS[slug] == said


@pytest.mark.parametrize("slug", [slug for slug in WORDS if slug != "CC-BY-NC-SA-2.0-KR"])
def test_the_words_are_read_back(slug: str) -> None:
    """An aggregator that reads our feeds knows the licence again."""
    assert slug == licence_slug(WORDS[slug][0])


def test_a_notice_is_told_as_its_licence_and_what_is_not_known_as_it_is() -> None:
    """Nothing is made up."""
    catalogue = Catalogue.load()
    assert WORDS["KOGL-1"][0] == licence_words("공공누리 제1유형", "ko", catalogue)
    assert "자체 규정" == licence_words("자체  규정", "ko", catalogue)
    assert "" == attribution(licence_words("", "ko", catalogue), "국토교통부")


def licensed(planet: Planet) -> dict[str, bytes]:
    """The site with the first section's items of No. 48 under KOGL 1."""
    before, issue = planet.issues

    def stamped(edition: Edition) -> Edition:
        first, *rest = edition.sections
        items = tuple(replace(item, licence="KOGL-1") for item in first.items)
        return replace(edition, sections=(replace(first, items=items), *rest))

    issue = replace(issue, editions=tuple(stamped(edition) for edition in issue.editions))
    made = render_site(replace(planet, issues=(before, issue)))
    return {one.path: one.body for one in made}


def test_people_find_the_licence_of_an_item(planet: Planet) -> None:
    """On the page with its item and its text's address, in the mail in the foot; in both
    languages."""
    made = licensed(planet)
    page: Any = html.document_fromstring(made["issues/48/index.html"].decode())
    [line] = page.xpath("//article[@id='item-a1']/p[@class='item-licence']/a[@rel='license']")
    assert "공공누리 제1유형(출처표시) · 국토교통부" == line.text_content()
    assert "https://www.kogl.or.kr/info/licenseType1.do" == line.get("href")
    assert 1 == len(page.xpath("//p[@class='item-licence']"))
    english = made["issues/48/en/index.html"].decode()
    assert "KOGL Type 1 (Attribution) · Ministry of Land, Infrastructure, and Transport" in english
    assert "공공누리 제1유형(출처표시): 국토교통부" in made["issues/48/mail.txt"].decode()
    assert "공공누리 제1유형(출처표시): 국토교통부" in made["issues/48/mail.html"].decode()


def test_feeds_say_the_same_words(planet: Planet) -> None:
    """In ``rights``, beside the link to the text."""
    feed = etree.fromstring(licensed(planet)["feed.atom"])
    rights = {one.text for one in feed.iterfind("{*}entry/{*}rights")}
    assert {"공공누리 제1유형(출처표시) · 국토교통부"} == rights
