"""What keeps two items apart however alike they are: other numbers, places, stages, names, offices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from aggregator.curate.copies.amounts import amounts_in, mean_the_same
from aggregator.curate.copies.features import Features
from aggregator.curate.copies.likeness import (
    LIKE_LEAD,
    LIKE_TITLE,
    RETOLD_LEAD,
    SAME_LEAD,
    SAME_TITLE,
    Likeness,
    is_correction,
)
from aggregator.curate.copies.plain_titles import comes_again, is_of_every_office, is_stock_title
from aggregator.curate.copies.telling import (
    are_about,
    are_about_either,
    are_alike,
    are_formulas,
    differ_in_numbers,
    have_other_names_in_place,
    is_later_report,
    is_telling,
    name_other_offices,
    name_their_own_offices,
    speaks_of_home,
)
from aggregator.curate.copies.title_facts import WEAK_MARKERS, WORD_KINDS, as_told

WINDOW = timedelta(days=7)
"""Items further apart are never compared, save by their release number."""

RETOLD_WINDOW = timedelta(days=2)
"""Within this time offices that issue one thing together do so, and portals follow."""

_SAME_OFFICE_WINDOW = timedelta(hours=36)
_REPORT_AFTER = timedelta(hours=12)
_LONG_LEAD = 200
_WHOLE_LEAD = 100

Veto = tuple[str, Mapping[str, object]]
"""The rule and what it is about."""


def find_veto(a: Features, b: Features, like: Likeness) -> Veto | None:
    """The first reason why two items are not one release, None where there is none."""
    gap = abs(a.day - b.day)
    if gap > WINDOW:
        return _veto("window", days=gap.days)
    return (
        (None if is_correction(a, b) else _by_numbers(a, b, like))
        or _by_content(a, b, like)
        or _by_office(a, b, like)
    )


def is_vetoed(a: Features, b: Features, like: Likeness) -> bool:
    """Whether ``find_veto`` finds one, asked in the order in which that takes least: most are of
    words, and no word is looked for twice."""
    return bool(
        abs(a.day - b.day) > WINDOW
        or _by_words(a, b, like)
        or _by_phase(a, b, like)
        or (not is_correction(a, b) and _by_numbers(a, b, like))
        or _by_place(a, b, like)
        or _by_office(a, b, like)
    )


def is_told_apart(a: Features, b: Features, like: Likeness) -> bool:
    """Whether two items are not one release, however many days lie between them."""
    return bool(
        (a.facts.is_personnel and b.facts.is_personnel)
        or _by_numbers(a, b, like)
        or _by_content(a, b, like)
    )


def _by_content(a: Features, b: Features, like: Likeness) -> Veto | None:
    return _by_place(a, b, like) or _by_phase(a, b, like) or _by_words(a, b, like)


def is_another_office(a: Features, b: Features) -> bool:
    """Whether two items may be of two offices: what names none may be of any."""
    return not a.body or a.body != b.body


def have_one_text(a: Features, b: Features, like: Likeness) -> bool:
    """Whether the leads are equal to the letter, but for what one of them is cut by; a lead that counts
    as absent is no text."""
    is_one = a.lead in b.lead or b.lead in a.lead
    return like.lead is not None and is_one and is_telling(a, b)


def is_retold(a: Features, b: Features, like: Likeness) -> bool:
    """Whether the leads show one release under two titles: they are about both, and equal, or of two
    offices and alike in all they tell."""
    if like.lead is None or like.lead < RETOLD_LEAD or abs(a.day - b.day) > RETOLD_WINDOW:
        return False
    if not is_telling(a, b):
        return False
    if name_other_offices(a, b):
        return False
    is_joint = is_another_office(a, b)
    if like.has_equal_lead:
        return are_about(a, b) or (is_joint and are_about_either(a, b))
    if not is_joint or (a.home is not None and b.home is not None):
        return False
    return are_alike(a, b) and are_about(a, b)


# --- numbers and places -----------------------------------------------------------------------------


def _by_numbers(a: Features, b: Features, like: Likeness) -> Veto | None:
    for kind in sorted(a.facts.numbers.keys() & b.facts.numbers.keys()):
        left, right = a.facts.numbers[kind], b.facts.numbers[kind]
        if kind in WORD_KINDS:
            if a.title == b.title:
                # The words are the same, but for the blanks between them.
                continue
            left, right = _unlike_ends(left, right), _unlike_ends(right, left)
        if not _conflict(left, right) or mean_the_same(left, right):
            continue
        if not _are_both_told(a, b, like, (as_told(kind, value) for value in left ^ right)):
            return _veto(kind.split()[0], a=sorted(left), b=sorted(right))
    return None


def _by_place(a: Features, b: Features, like: Likeness) -> Veto | None:
    left, right = a.facts.regions, b.facts.regions
    if _conflict(left, right):
        if _are_both_told(a, b, like, map(_stem_of, _innermost(left) ^ _innermost(right))):
            return None
        return _veto("region", a=sorted(left), b=sorted(right))
    if a.home is None or b.home is None or not a.home.is_apart(b.home):
        return None
    if speaks_of_home(a, b) or speaks_of_home(b, a):
        return None
    return _veto("region", a=a.home.label, b=b.home.label)


def _conflict(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether each side names something that the other does not."""
    return bool(a - b) and bool(b - a)


def _unlike_ends(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The words of which none of the others is an end, and which are the end of none: a law may be
    called by the last word of its name."""
    return frozenset(
        word for word in words if not any(o.endswith(word) or word.endswith(o) for o in others)
    )


def _are_both_told(a: Features, b: Features, like: Likeness, values: Iterable[str]) -> bool:
    """Whether the leads are one text that tells all these values: then each title has picked one of
    them. A form that is filled in anew tells only its own."""
    is_told = all(value in a.lead and value in b.lead for value in values)
    return is_told and have_one_text(a, b, like)


def _innermost(regions: frozenset[str]) -> frozenset[str]:
    """The regions without those that others of them lie in."""
    return regions - {region.partition("/")[0] for region in regions if "/" in region}


def _stem_of(region: str) -> str:
    name = region.rpartition("/")[2]
    return name[:-1] if len(name) > 2 and name[-1] in "시군구" else name  # noqa: PLR2004 - a name


# --- stages and names -------------------------------------------------------------------------------


def _by_phase(a: Features, b: Features, like: Likeness) -> Veto | None:
    if a.facts.phase and b.facts.phase and a.facts.phase != b.facts.phase:
        if _is_one_day(a, b) and have_one_text(a, b, like) and is_retold(a, b, like):
            # One text of one day tells one stage, whatever each title calls it.
            return None
        return _veto("phase", a=a.facts.phase, b=b.facts.phase)
    if _may_report(a, b, like) and is_later_report(a, b):
        return _veto("phase", tense="one lead announces, the other reports")
    markers = _markers_left(a, b) | _markers_left(b, a)
    if not markers or a.is_truncated or b.is_truncated or _may_leave_out(markers, a, b, like):
        return None
    return _veto("phase", only_one=sorted(markers))


def _may_leave_out(markers: set[str], a: Features, b: Features, like: Likeness) -> bool:
    """Whether one of two titles may do without these words: a whole text of one day is one release;
    another office, or a shorter text, may leave out weak ones."""
    is_one_text = _is_one_day(a, b) and have_one_text(a, b, like)
    if is_one_text and _is_whole(a) and _is_whole(b):
        return True
    may = is_one_text or is_another_office(a, b)
    return may and markers <= WEAK_MARKERS and is_retold(a, b, like)


def _by_words(a: Features, b: Features, like: Likeness) -> Veto | None:
    left, right = _words_left(a, b), _words_left(b, a)
    if not left or not right:
        return None
    is_one_name = len(left) == len(right) == 1
    is_swap = have_other_names_in_place(a, b) and (like.title >= LIKE_TITLE or is_one_name)
    if _share_long_lead(a, b, like) and not (is_swap and is_one_name):
        return None
    if not is_swap and is_retold(a, b, like):
        return None
    return _veto("names", a=left, b=right)


def _markers_left(a: Features, b: Features) -> set[str]:
    """Words such as 추가 in the title of ``a`` that ``b`` mentions nowhere."""
    return {marker for marker in a.facts.markers if marker not in b.text}


def _words_left(a: Features, b: Features) -> list[str]:
    """What the title of ``a`` is about and ``b`` mentions nowhere."""
    text = b.text
    return [spellings[0] for spellings in a.words if not _mentions(text, spellings)]


def _mentions(text: str, spellings: Iterable[str]) -> bool:
    for spelling in spellings:  # noqa: SIM110 - a generator takes twice as long
        if spelling in text:
            return True
    return False


def _is_whole(one: Features) -> bool:
    """Whether a lead is written for one release: it is long, and counts something."""
    return len(one.lead) >= _WHOLE_LEAD and any(amounts_in(one.told))


def _share_long_lead(a: Features, b: Features, like: Likeness) -> bool:
    """Whether the leads are equal and too long for a template that only changes a name."""
    return like.has_equal_lead and min(len(a.lead), len(b.lead)) >= _LONG_LEAD


def _may_report(a: Features, b: Features, like: Likeness) -> bool:
    """Whether one of two that are like each other may report what the other announced."""
    if like.lead is None or like.has_equal_lead or _gap(a, b) < _REPORT_AFTER:
        return False
    return like.lead >= LIKE_LEAD or like.title >= LIKE_TITLE


# --- offices ----------------------------------------------------------------------------------------


def _by_office(a: Features, b: Features, like: Likeness) -> Veto | None:
    if a.day != b.day and a.facts.is_personnel and b.facts.is_personnel:
        return _veto("personnel", days=abs(a.day - b.day).days)
    if is_another_office(a, b):
        return _by_other_office(a, b, like)
    if a.title == b.title and _tell_other_figures(a, b, like):
        return _veto("figures")
    is_later = _gap(a, b) > _SAME_OFFICE_WINDOW
    is_again = a.day != b.day and comes_again(a.title, a.facts) and comes_again(b.title, b.facts)
    if is_again and not is_correction(a, b):
        is_shown = have_one_text(a, b, like)
    else:
        is_shown = like.has_same_lead or not is_later
    if not is_shown or ((is_later or is_again) and are_formulas(a, b)):
        return _veto("same_office_later", hours=round(_gap(a, b) / timedelta(hours=1)))
    return None


def _by_other_office(a: Features, b: Features, like: Likeness) -> Veto | None:
    """What two offices may both write above releases of their own."""
    if is_stock_title(a.title, a.office) and is_stock_title(b.title, b.office):
        return None if like.has_same_lead else _veto("stock_title")
    if not a.body or not b.body or like.title < SAME_TITLE or like.has_equal_lead:
        return None
    offices = (a.office, b.office)
    if not is_of_every_office(a.title, offices) or not is_of_every_office(b.title, offices):
        return None
    is_of_each = like.lead is None or name_their_own_offices(a, b)
    return _veto("plain_title") if is_of_each else None


def _tell_other_figures(a: Features, b: Features, like: Likeness) -> bool:
    """Whether under one title of one office the leads give other figures, and it is no second
    edition of one text."""
    if like.lead is None or is_correction(a, b) or not differ_in_numbers(a, b):
        return False
    return a.day != b.day or like.lead < SAME_LEAD


def _is_one_day(a: Features, b: Features) -> bool:
    return a.day == b.day or _gap(a, b) < _REPORT_AFTER


def _gap(a: Features, b: Features) -> timedelta:
    if a.at is not None and b.at is not None:
        return abs(a.at - b.at)
    return abs(a.day - b.day)


def _veto(rule: str, **about: object) -> Veto:
    return rule, about
