"""The catalogue: texts by key and language, filled with values."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib import resources
from typing import Any

LANGUAGES = ("ko", "en")
"""The languages in which every text exists; the first stands in for any other."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Texts by dotted key (``issue.latest``), each with one form per language.

    A form named ``<language>_one`` takes the place of ``<language>`` where the value ``count`` is 1.
    """

    document: Callable[[], str]
    """What gives the TOML document whose leaf tables map languages to texts."""

    @classmethod
    def load(cls) -> Catalogue:
        """The catalogue that belongs to the program, ``messages.toml`` beside it. It is read when the
        first text is asked for: many visits say nothing. It is one for the whole process."""
        return _of_the_program()

    @classmethod
    def parse(cls, document: str) -> Catalogue:
        """Read a TOML document whose leaf tables map languages to texts.

        Raises tomllib.TOMLDecodeError for what is no TOML.
        """
        made = cls(document=lambda: document)
        _ = made.texts
        return made

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """The forms of each text by its key."""
        return dict(_leaves(tomllib.loads(self.document())))

    def text(self, key: str, language: str, /, **values: object) -> str:
        """The text under ``key`` in ``language`` with ``values`` filled in.

        A regional language (``en-US``) reads its base language; one that the catalogue lacks
        reads Korean. Raises LookupError, naming the key, for a text or value that is missing:
        that is a mistake in the program, never in its input.
        """
        forms = self.texts.get(key)
        if forms is None:
            raise LookupError(f"the catalogue has no text {key!r}")
        base = language if language in forms else language.partition("-")[0].lower()
        chosen = base if base in forms else LANGUAGES[0]
        form = forms[chosen]
        if values.get("count") == 1:
            form = forms.get(f"{chosen}_one", form)
        if "{" not in form and "}" not in form:
            return form
        try:
            return form.format_map(values)
        except KeyError as missing:
            raise LookupError(f"the text {key!r} needs a value for {missing}") from missing


@cache
def _of_the_program() -> Catalogue:
    source = resources.files("aggregator.catalogue").joinpath("messages.toml")
    return Catalogue(document=partial(source.read_text, encoding="utf-8"))


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each (dotted key, forms) below ``table``: the strings of a table are the forms of its own
    text, the tables in it further texts below its key."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if forms := {language: form for language, form in value.items() if isinstance(form, str)}:
            yield key, forms
        yield from _leaves({k: v for k, v in value.items() if not isinstance(v, str)}, f"{key}.")
