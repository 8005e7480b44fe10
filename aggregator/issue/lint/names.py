"""Names of bodies and programmes: rendered as the glossary and the list of bodies have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aggregator.domain.bodies import Body, Level
from aggregator.domain.findings import Finding, Severity, Span
from aggregator.domain.glossary import Glossary, Term
from aggregator.issue.lint.pairs import Names, Pair

_HANGUL_BEFORE = r"(?<![가-힣A-Za-z0-9])"
_SHORTEST_NAME = 3
"""Characters of a body's name: 대구 and 서울 stand in too many other words."""
_MINISTRY = re.compile(r"\bMinistry of (?:the )?[A-Z][\w&]*(?:(?:,? and|,|,? &)? [A-Z][\w&]*)*")
_DISTRICTS = frozenset({"gu", "gun", "si"})
_IN_SHORT = re.compile(r"\bministry\b")
"""What a translation may call a ministry for short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name where it stands in a text. ``body`` is an id, or "" for a term of the glossary."""

    span: Span
    text: str
    term: Term
    body: str = ""


class NameIndex:
    """All names of a language, found in one walk over a text; the longest at each place."""

    def __init__(self, terms: Sequence[tuple[str, Term]], language: str, *, shortest: int) -> None:
        self._by_form: dict[str, tuple[str, Term]] = {}
        for body, term in terms:
            for form in term.forms_in(language):
                if len(form) >= shortest:
                    self._by_form.setdefault(_plain(form), (body, term))
        forms = sorted(self._by_form, key=len, reverse=True)
        edge = _HANGUL_BEFORE if language.startswith("ko") else r"(?<![A-Za-z])"
        after = "" if language.startswith("ko") else r"(?![A-Za-z])"
        body = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
        flags = 0 if language.startswith("ko") else re.IGNORECASE
        self._pattern = re.compile(f"{edge}(?:{body}){after}", flags) if forms else None

    def mentions(self, text: str) -> Iterator[Mention]:
        """Each name in the text, in its order."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            body, term = self._by_form[_plain(match[0])]
            span = Span(start=match.start(), end=match.end())
            yield Mention(span=span, text=match[0], term=term, body=body)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def term_of(body: Body) -> Term:
    """A body's names as a term: the print name first, then all others."""
    forms = {}
    for language in ("ko", "en"):
        is_ours: Callable[[str], bool] = (
            (lambda name: bool(re.search("[가-힣]", name)))
            if language == "ko"
            else (lambda name: not re.search("[가-힣]", name))
        )
        names = [body.print_names.get(language, ""), body.name, *body.aliases]
        bare = [re.sub(r"\s\([A-Z&]+\)$", "", name) for name in names]
        forms[language] = tuple(dict.fromkeys(n for n in (*names, *bare) if n and is_ours(n)))
    return Term(forms=forms)


def index_of(names: Names, language: str, *, bodies: bool = True) -> NameIndex:
    """The names of a language, made once for each list of bodies and glossary."""
    key = (id(names.bodies), id(names.glossary), language, bodies)
    found = _INDEXES.get(key)
    if found is None or found[0] is not names.bodies or found[1] is not names.glossary:
        found = (names.bodies, names.glossary, _make_index(names, language, bodies=bodies))
        if len(_INDEXES) >= _KEPT:
            _INDEXES.clear()
        _INDEXES[key] = found
    return found[2]


_KEPT = 8
_INDEXES: dict[tuple[int, int, str, bool], tuple[Mapping[str, Body], Glossary, NameIndex]] = {}


def _make_index(names: Names, language: str, *, bodies: bool) -> NameIndex:
    terms = [("", term) for term in names.glossary.terms]
    if bodies:
        terms += [(body.id, term_of(body)) for body in names.bodies.values()]
    return NameIndex(terms, language, shortest=_SHORTEST_NAME if bodies else 2)


def check_names(pair: Pair, names: Names) -> Iterator[Finding]:
    """Names that the translation lost, took for another, spells in its own way, or must avoid."""
    if pair.source_language == pair.language:
        return
    said = [
        mention
        for mention in index_of(names, pair.source_language).mentions(pair.source)
        if not mention.body or not _is_at_home(mention.body, pair, names)
    ]
    texts = (pair.translation, *pair.other_translations)
    lost = [
        mention
        for mention in said
        if not is_rendered(mention.term, pair.language, texts)
        and not _is_in_short(mention, pair, names)
    ]
    strangers = _strangers(pair, names)
    for mention in {m.text: m for m in lost}.values():
        stranger = next((s for s in strangers if mention.body and s.body), None)
        if stranger is not None:
            strangers.remove(stranger)
        yield _finding(pair, mention, stranger)
    yield from _avoided(pair, names)
    yield from _own_spelling(pair, names)


def _is_at_home(body: str, pair: Pair, names: Names) -> bool:
    """Whether this is the body of the byline, or a place in its region, which may go unsaid."""
    return body == pair.body or names.bodies[body].region == pair.body != ""


def _is_in_short(mention: Mention, pair: Pair, names: Names) -> bool:
    body = names.bodies.get(mention.body)
    is_ministry = body is not None and body.level is Level.MINISTRY
    return is_ministry and _IN_SHORT.search(pair.translation) is not None


def is_rendered(term: Term, language: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts has the term in one of its spellings; so it is where it has none."""
    forms = [_loose(form) for form in term.forms_in(language)]
    return not forms or any(
        form in _loose(text) or _is_apart(form, text) for form in forms for text in texts
    )


def _is_apart(form: str, text: str) -> bool:
    """Whether the text has a district and its city apart: "Buk-gu in Gwangju"."""
    words = form.split()
    return bool(_DISTRICTS & set(words)) and set(words) <= set(_loose(text).split())


@lru_cache(maxsize=4096)
def _loose(text: str) -> str:
    """The text without what differs between spellings of one name: case, hyphens, commas."""
    return " ".join(re.sub(r"[^\w&]+", " ", text.lower()).split())


def _strangers(pair: Pair, names: Names) -> list[Mention]:
    """Bodies that the translation names and no text of the source does."""
    sources = " ".join((pair.source, *pair.other_sources))
    known = {m.body for m in index_of(names, pair.source_language).mentions(sources)} | {pair.body}
    return [
        mention
        for mention in index_of(names, pair.language).mentions(pair.translation)
        if mention.body
        and mention.body not in known
        and not any(form in sources for form in mention.term.forms_in(pair.source_language))
    ]


def _finding(pair: Pair, lost: Mention, stranger: Mention | None) -> Finding:
    right = lost.term.forms_in(pair.language)[0]
    if stranger is None:
        return pair.finding(
            "name-missing",
            "lint.name_missing",
            None,
            Severity.AMBER,
            of=lost.span,
            name=lost.text,
            right=right,
        )
    return pair.finding(
        "name-wrong",
        "lint.name_wrong",
        stranger.span,
        of=lost.span,
        name=lost.text,
        other=stranger.text,
        right=right,
    )


def _avoided(pair: Pair, names: Names) -> Iterator[Finding]:
    for term in names.glossary.terms:
        for word in term.avoid.get(pair.language, ()):
            for match in re.finditer(
                rf"(?<!\w){re.escape(word)}(?!\w)", pair.translation, re.IGNORECASE
            ):
                yield pair.finding(
                    "name-avoided",
                    "lint.name_avoided",
                    Span(start=match.start(), end=match.end()),
                    Severity.AMBER,
                    name=match[0],
                    right=term.forms_in(pair.language)[0],
                )


def _own_spelling(pair: Pair, names: Names) -> Iterator[Finding]:
    """A ministry with a name that no body has."""
    if not pair.language.startswith("en") or not names.bodies:
        return
    known = [m.span for m in index_of(names, pair.language).mentions(pair.translation)]
    for match in _MINISTRY.finditer(pair.translation):
        if any(span.start <= match.start() and span.end >= match.end() for span in known):
            continue
        right = _printed(names, match[0])
        yield pair.finding(
            "name-unknown",
            "lint.name_printed" if right else "lint.name_unknown",
            Span(start=match.start(), end=match.end()),
            Severity.AMBER,
            name=match[0],
            right=right,
        )


def _printed(names: Names, name: str) -> str:
    """The print name of the body that is called so but for its commas, "" for none."""
    wanted = _loose(name)
    return next(
        (
            body.print_name("en")
            for body in names.bodies.values()
            if any(_loose(form) == wanted for form in term_of(body).forms["en"])
        ),
        "",
    )


def spans_of_terms(pair: Pair, names: Names) -> tuple[list[Span], list[Span]]:
    """Where terms of the glossary stand in the source and rendered in the translation; numbers
    within them are the glossary's to account for."""
    here, there = [], []
    for mention in index_of(names, pair.source_language, bodies=False).mentions(pair.source):
        for form in mention.term.forms_in(pair.language):
            match = re.search(re.escape(form), pair.translation, re.IGNORECASE)
            if match is not None:
                here.append(mention.span)
                there.append(Span(start=match.start(), end=match.end()))
                break
    return here, there
