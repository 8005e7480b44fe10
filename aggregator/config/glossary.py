"""The file that says how names are rendered: glossary.toml, named by its series."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from aggregator.config.bodies import names_of
from aggregator.domain.bodies import Body
from aggregator.domain.glossary import Glossary, Term
from aggregator.text.fold import squash

_Form = Annotated[str, Meta(min_length=1, max_length=200)]
_Forms = _Form | Annotated[list[_Form], Meta(min_length=1, max_length=50)]
_LANGUAGES = ("ko", "en")
_HANGUL = re.compile("[가-힣]")


class _TermRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[terms]]``: one name in each language, one spelling or several, the preferred one first."""

    ko: _Forms
    en: _Forms
    avoid: list[_Form] = []


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: Annotated[int, Meta(ge=1, le=1)]
    keep: list[_Form] = []
    words: list[_Form] = []
    terms: list[_TermRow] = []


def read_glossary(text: str) -> Glossary:
    """The glossary in a file's text. Raises ValueError with one line that says what is wrong."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"no TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    return Glossary(
        terms=tuple(_term(row) for row in file.terms),
        keep=tuple(file.keep),
        words=tuple(file.words),
    )


def load_glossary(path: Path) -> Glossary:
    """The glossary in a file. Raises ValueError as ``read_glossary`` does, and OSError."""
    return read_glossary(path.read_text(encoding="utf-8-sig"))


def _term(row: _TermRow) -> Term:
    return Term(
        forms={"ko": _forms(row.ko), "en": _forms(row.en)},
        avoid={"en": tuple(row.avoid)} if row.avoid else {},
    )


def _forms(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def check_glossary(glossary: Glossary, bodies: Mapping[str, Body]) -> Iterator[str]:
    """A sentence for each term that contradicts another, or the list of bodies: a body is called
    as a byline prints it, which its own entry says."""
    owners = _owners(bodies.values())
    seen: dict[str, str] = {}
    for term in glossary.terms:
        for form in term.forms_in("ko"):
            english = term.forms_in("en")[0]
            if seen.setdefault(squash(form), english) != english:
                yield f"{form} has two entries: {seen[squash(form)]} and {english}"
            body = owners.get(squash(form))
            if body is not None and body.print_name("en") != english:
                yield f"{form} is the body {body.id}, which is printed {body.print_name('en')}"


def _owners(bodies: Iterable[Body]) -> dict[str, Body]:
    return {
        squash(name): body for body in bodies for name in names_of(body) if _HANGUL.search(name)
    }
