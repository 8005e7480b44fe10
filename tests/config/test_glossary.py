"""The glossary of a series: read whole, or refused in one line that says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.config.bodies import shipped_bodies
from aggregator.config.glossary import check_glossary, read_glossary
from aggregator.demo.script import demo_config, glossary_file
from aggregator.domain.errors import ConfigError
from aggregator.domain.glossary import Glossary


def test_one_spelling_or_several() -> None:
    """The first is the preferred one; what is to be avoided is English."""
    glossary = read_glossary(
        'schema = 1\n[[terms]]\nko = "드론 실증도시"\nen = ["drone city", "drone cities"]\navoid = ["drone town"]'
    )

    (term,) = glossary.terms
    assert (("드론 실증도시",), ("drone city", "drone cities"), ("drone town",)) == (
        term.forms_in("ko"),
        term.forms_in("en"),
        term.avoid["en"],
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("schema = 1\nterms = 3", "Expected `array`"),
        ("schema = 2", "<= 1"),
        ("schema = ", "no TOML"),
        ('schema = 1\n[[terms]]\nko = "가"', "missing required field `en`"),
        ("schema = 1\nkept = []", "unknown field `kept`"),
    ],
)
def test_what_is_no_glossary_is_refused(text: str, reason: str) -> None:
    """With what is wrong."""
    with pytest.raises(ValueError, match=reason):
        read_glossary(text)


def test_the_shipped_glossary_agrees_with_the_bodies() -> None:
    """No body is called otherwise than bylines print it."""
    assert [] == list(check_glossary(read_glossary(glossary_file()), shipped_bodies()))


def test_a_body_is_called_as_it_is_printed() -> None:
    """The list of bodies is where their names stand."""
    glossary = read_glossary('schema = 1\n[[terms]]\nko = "국토부"\nen = "Ministry of Roads"')

    assert [
        "국토부 is the body molit, which is printed Ministry of Land, Infrastructure, and Transport"
    ] == list(check_glossary(glossary, shipped_bodies()))


def test_two_entries_for_one_name_are_told() -> None:
    """Which of them holds nobody could know."""
    glossary = read_glossary(
        'schema = 1\n[[terms]]\nko = "솔라시도"\nen = "Solaseado"\n[[terms]]\nko = "솔라시도"\nen = "Sola City"'
    )

    assert ["솔라시도 has two entries: Solaseado and Sola City"] == list(
        check_glossary(glossary, shipped_bodies())
    )


def configured(folder: Path, text: str | None) -> Path:
    """A configuration beside a glossary."""
    file = folder / "feeds.toml"
    file.write_text(demo_config(1), encoding="utf-8")
    if text is not None:
        (folder / "glossary.toml").write_text(text, encoding="utf-8")
    return file


def test_the_series_has_the_terms_of_its_file(tmp_path: Path) -> None:
    """Found beside the configuration."""
    config = load_config(configured(tmp_path, glossary_file()), {})

    assert read_glossary(glossary_file()) == config.series.glossary


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    """A configuration that was copied alone works, and a warning says what is missing."""
    config = load_config(configured(tmp_path, None), {})

    assert Glossary() == config.series.glossary
    (warning,) = [one for one in config.warnings if one.path.endswith("glossary")]
    assert "there is no file 'glossary.toml': lint does not know your names" == warning.message
    assert f"put it there: {tmp_path / 'glossary.toml'}" == warning.remedy


def test_a_bad_file_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    """With the line of the series that names it."""
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load_config(configured(tmp_path, "schema = 3"), {})

    assert ["series[0].glossary"] == [problem.path for problem in caught.value.problems]
