"""What the rule lab says of words: changed ones, those without a hit, those behind what editors
dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.cli.fitting import padded, short_word, wrapped
from aggregator.cli.forms import counted
from aggregator.services.lab.changed_words import ChangedWord
from aggregator.services.lab.lab import IDLE_DAYS, LabReport
from aggregator.services.lab.rulebook import RuleChange
from aggregator.services.lab.word_usage import MASKS, IdleWords, RejectedWord

CHANGED_SHOWN = 12
"""Changed words that are shown."""

IDLE_SHOWN = 12
"""Words without a hit that are shown of each group."""

REJECTED_SHOWN = 10


def changed_word_lines(words: Sequence[ChangedWord], *, every: bool) -> Iterator[str]:
    """What each word finds that only one of the two rule sets has, or that finds more or less than
    before; nothing where no word does."""
    if not words:
        return
    yield "What the changed words find"
    shown = words if every else words[:CHANGED_SHOWN]
    for word in shown:
        mark = "+" if word.added else "-" if word.removed else "~"
        yield f"  {mark} {short_word(word.word)} ({word.group})  {_finds(word)}"
        for story in word.examples:
            yield f"      {story.day or '-'}  {story.title}"
    if len(shown) < len(words):
        yield f"  … and {len(words) - len(shown)} more (--all shows them)"


def _finds(one: ChangedWord) -> str:
    """How many stories, and whether they go elsewhere."""
    count = one.before if one.removed else one.after
    tense = ("covered a word in", "hit") if one.removed else ("covers a word in", "hits")
    verb = tense[0] if one.group == MASKS else tense[1]
    if not (one.added or one.removed):
        says = f"{verb} {_stories(count)}, {one.before} before"
    elif not count:
        return f"{verb} no story of these days"
    else:
        says = f"{verb} {_stories(count)}"
    if not one.elsewhere:
        return f"{says}; no section changes"
    return f"{says}; another section, or none, for {one.elsewhere} of them"


def _stories(count: int) -> str:
    return counted(count, "story", "stories")


def idle_lines(
    idle: IdleWords, rules: Sequence[RuleChange], *, every: bool, width: int | None
) -> Iterator[str]:
    """Words without a hit and masks without a word, by group: of groups whose words the other rules
    change, or with ``every`` of all, the words themselves; of the rest how many they are."""
    many = sum(map(len, idle.words.values()))
    yield f"Words without a hit in {IDLE_DAYS} days to {idle.until}: {many}"
    if idle.oldest is None:
        yield "  no story of these days is stored"
        return
    if idle.oldest > idle.since:
        yield f"  the oldest story of these days is of {idle.oldest}: judge with care"
    changed = {change.place for change in rules}
    rest = []
    for group, place, words in (
        *((group, f"groups.{group}.words", words) for group, words in idle.words.items()),
        ("masks that covered no word", "match.masks", idle.masks),
    ):
        if not words:
            continue
        if not (every or place in changed):
            rest.append(f"{group} {len(words)}")
            continue
        yield f"  {group} ({len(words)})"
        shown = words if every else words[:IDLE_SHOWN]
        more = [] if len(shown) == len(words) else ["… (--all shows all)"]
        yield from wrapped([*map(short_word, shown), *more], first="    ", width=width)
    if rest:
        yield from wrapped(rest, first="  ", width=width)
        yield "  (--all names them)"


def rejected_lines(report: LabReport, *, every: bool) -> Iterator[str]:
    """Words behind what editors dropped."""
    yield f"Words behind proposals that editors dropped as unfit: {report.dropped} dropped"
    if not report.rejected:
        return
    shown = report.rejected if every else report.rejected[:REJECTED_SHOWN]
    wide = max(len(_named(one)) for one in shown) + 8
    yield f"  {padded('', wide)}dropped  taken"
    for one in shown:
        yield f"  {padded(_named(one), wide)}{one.dropped:>7}  {one.taken:>5}"
    if len(shown) < len(report.rejected):
        yield f"  … and {len(report.rejected) - len(shown)} more (--all shows them)"


def _named(one: RejectedWord) -> str:
    return f"{short_word(one.word)} ({one.group})"
