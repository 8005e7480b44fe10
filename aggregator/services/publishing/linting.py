"""What the lint looks at, gathered of an issue; and the gate that it is before publishing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from aggregator.domain.errors import FetchError, LintRefused, TooLarge
from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import Edit, Issue, IssueStatus, PickField, PickState, Section
from aggregator.domain.mailing import MailSize
from aggregator.issue.choices import Printed
from aggregator.issue.edition import Picked, day_of
from aggregator.issue.lint.dictionary import english_words
from aggregator.issue.lint.pairs import Names, Pair
from aggregator.issue.lint.publishing import (
    IssueFacts,
    ItemFacts,
    LinkAnswer,
    PrintedText,
    lint_issue,
)
from aggregator.issue.texts import FIELDS_OF, is_fuzzy, own_text, printed_text, source_texts
from aggregator.issue.translation import translatables
from aggregator.ports.fetching import Fetcher, FetchRequest
from aggregator.ports.mailing import LetterMaker
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft
from aggregator.services.editing.printed_before import printed_before, recent_issues
from aggregator.services.publishing.printed import printed_issue
from aggregator.services.publishing.printed_facts import as_read
from aggregator.services.publishing.publish import Gate, as_printed

TITLES = frozenset(PickField) - {PickField.BLURB}
"""Fields that are no sentences."""

LINKS_AT_MOST = 100
LINK_TIMEOUT = 10.0
"""Seconds for one link."""
LINK_BYTES = 256 * 1024
"""Bytes of a page that are read before it counts as an answer."""
ALL_LINKS = 120.0
"""Seconds for all links together."""
_TIME_OVER = "the time for all links was over"


def facts_of(desk: Desk, draft: Draft, *, mails: LetterMaker | None = None) -> IssueFacts:
    """What the lint looks at in a draft, or in what a published issue prints with its corrections;
    ``mails`` makes its mails, which are measured and thrown away."""
    issue = draft.issue
    recent = recent_issues(desk, issue, desk.store.issue_heads(desk.series.id))
    ids = {one.story.id for one in draft.picked}
    repeats = printed_before(desk, recent, ids)
    names = names_of(desk)
    pairs = pairs_of(desk, draft.picked)
    aside = desk.store.aside(issue.id)
    items = [
        _decided(_item(desk, section, one, repeats.get(one.story.id), pairs), issue, one, aside)
        for one in draft.picked
        if (section := desk.series.section(one.pick.section)) is not None
    ]
    facts = IssueFacts(
        number=draft.number,
        issue_on=issue.issue_on,
        window=issue.window,
        items=tuple(items),
        sections=tuple(section.id for section in desk.series.sections),
        review=issue.review,
        unattended=desk.series.unattended,
        names=names,
        outstanding=draft.translations,
        mails=_mails(desk, draft, mails) if mails is not None else {},
    )
    printed = printed_issue(desk, issue)
    return as_read(desk, facts, printed, draft.picked) if printed is not None else facts


def _decided(facts: ItemFacts, issue: Issue, one: Picked, aside: Collection[int]) -> ItemFacts:
    """The facts of an item with whether anybody decided on it; what is out is decided."""
    is_open = issue.status is IssueStatus.DRAFT and one.pick.state is PickState.PROPOSED
    is_aside = is_open and one.story.id in aside
    return replace(facts, is_proposal=is_open, is_aside=is_aside)


def names_of(desk: Desk) -> Names:
    """What the newsletter knows of names and words."""
    return Names(glossary=desk.series.glossary, bodies=desk.bodies, commonness=english_words())


def _mails(desk: Desk, draft: Draft, maker: LetterMaker) -> dict[str, MailSize]:
    printed = as_printed(desk, draft)
    return {one.language: maker.size(printed, one.language) for one in printed.editions}


def _item(
    desk: Desk,
    section: Section,
    one: Picked,
    repeats: Printed | None,
    pairs: Mapping[int, tuple[Pair, ...]],
) -> ItemFacts:
    item = one.story.primary.item
    feed = next((feed for feed in desk.feeds if feed.id == item.feed_id), None)
    picture = next((image for image in item.images if image.url == item.thumbnail), None)
    headline = own_text(
        PickField.HEADLINE,
        source_texts(one.story.primary, section.shape),
        one.pick.texts,
        item.language,
    )
    return ItemFacts(
        story=one.story.public_id,
        section=section.id,
        shape=section.shape,
        title=item.title,
        day=day_of(one.story),
        url=item.link,
        body=item.body,
        body_known=item.body in desk.bodies or not _needs_body(section),
        licence=item.licence or (feed.licence if feed else ""),
        picture=item.thumbnail,
        picture_licence=picture.licence if picture else "",
        alt=(picture.alt if picture else "") or headline,
        repeats=repeats,
        texts=_texts(desk, section, one),
        pairs=pairs.get(one.story.id, ()),
    )


def _needs_body(section: Section) -> bool:
    """Whether its items are printed with a body: papers have authors, events a venue."""
    return section.shape in {section.shape.ARTICLE, section.shape.MEDIA}


def _texts(desk: Desk, section: Section, one: Picked) -> tuple[PrintedText, ...]:
    stored = one.story.primary
    own = stored.item.language
    source = source_texts(stored, section.shape)
    texts = []
    for name in FIELDS_OF[section.shape]:
        for language in desk.series.languages:
            phrase = printed_text(
                name,
                source=source,
                source_language=own,
                texts=one.pick.texts,
                language=language,
            )
            if phrase is None or phrase.language != language:
                continue
            translated = language != own
            written = source.get(name, "")
            texts.append(
                PrintedText(
                    field=name,
                    language=language,
                    text=phrase.text,
                    altered=not translated and phrase.text != written,
                    translated=translated,
                )
            )
    return tuple(texts)


def pairs_of(desk: Desk, picked: Sequence[Picked]) -> dict[int, tuple[Pair, ...]]:
    """By story, each of its texts that a further language prints beside what it translates."""
    found: defaultdict[int, list[Pair]] = defaultdict(list)
    for language in desk.series.languages:
        by_story: defaultdict[int, list[Pair]] = defaultdict(list)
        for one in translatables(picked, desk.series, language):
            text = one.translation
            if text is None or not text.text.strip() or is_fuzzy(text, one.own):
                continue  # not printed, and counted as outstanding
            story = one.picked.story
            pair = Pair(
                source=one.own,
                translation=text.text,
                source_language=story.primary.item.language,
                language=language,
                is_title=one.field in TITLES,
                printed_on=day_of(story),
                body=story.primary.item.body,
                where=one.context,
            )
            by_story[story.id].append(pair)
        for story_id, pairs in by_story.items():
            found[story_id] += [_beside(pair, pairs) for pair in pairs]
    return {story_id: tuple(pairs) for story_id, pairs in found.items()}


def _beside(pair: Pair, pairs: Iterable[Pair]) -> Pair:
    others = [other for other in pairs if other is not pair]
    return replace(
        pair,
        other_sources=tuple(other.source for other in others),
        other_translations=tuple(other.translation for other in others),
    )


def pages_of(facts: IssueFacts) -> Mapping[str, Sequence[str]]:
    """The pages that the issue leads to, each with the stories that do."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for item in facts.items:
        if item.url:
            stories[item.url.partition("#")[0]].append(item.story)
    return stories


async def ask_links(fetcher: Fetcher, facts: IssueFacts) -> tuple[LinkAnswer, ...]:
    """Whether each link of the issue answers, asked through the guard, each page once; the first
    LINKS_AT_MOST pages alone.

    What has not answered when the time for all is over counts as silent.
    """
    stories = pages_of(facts)
    asked = list(stories)[:LINKS_AT_MOST]
    tasks = {url: asyncio.create_task(_ask(fetcher, url)) for url in asked}
    if tasks:
        await asyncio.wait(tasks.values(), timeout=ALL_LINKS)
    answers = []
    for url, task in tasks.items():
        if task.done():
            answer = task.result()
        else:
            task.cancel()
            answer = LinkAnswer(url=url, ok=False, reason=_TIME_OVER, told="fault.timeout")
        answers.append(replace(answer, items=tuple(stories[url])))
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    return tuple(answers)


async def _ask(fetcher: Fetcher, url: str) -> LinkAnswer:
    """One link. Of a large page it is enough that it comes."""
    request = FetchRequest(feed_id="", url=url, timeout=LINK_TIMEOUT, max_bytes=LINK_BYTES)
    try:
        await fetcher.fetch(request)
    except TooLarge:
        return LinkAnswer(url=url, ok=True)
    except FetchError as error:
        told = f"fault.{error.code}"
        return LinkAnswer(url=url, ok=False, status=error.status or 0, reason=str(error), told=told)
    return LinkAnswer(url=url, ok=True)


def gate(desk: Desk, *, accepted_by: str = "", mails: LetterMaker | None = None) -> Gate:
    """What must be passed before an issue is frozen. It asks nobody for links, so that publishing
    does not hang on other people's servers.

    The gate raises LintRefused for red findings, and for amber ones unless somebody takes them on
    by name; it gives the line that the log keeps of that.
    """

    def check(draft: Draft) -> Sequence[Edit]:
        findings = lint_issue(facts_of(desk, draft, mails=mails))
        red = [one for one in findings if one.severity is Severity.RED]
        if red or (findings and not accepted_by):
            head = f"No. {draft.number} is not published"
            raise LintRefused(refusal(head, red or findings), findings=findings)
        target = f"issue:{draft.issue.id}"
        return [taken_on(desk, findings, by=accepted_by, target=target)] if findings else ()

    return check


def taken_on(desk: Desk, findings: Collection[Finding], *, by: str, target: str) -> Edit:
    """The line of the log for amber findings that somebody answers for."""
    return Edit(
        at=desk.clock.now(),
        actor=by,
        target=target,
        field="lint",
        old="",
        new=", ".join(_codes(findings)),
        cause="accept-warnings",
    )


def _codes(findings: Collection[Finding]) -> list[str]:
    counts: defaultdict[str, int] = defaultdict(int)
    for finding in findings:
        counts[finding.code] += 1
    return [f"{code} x{count}" if count > 1 else code for code, count in counts.items()]


def refusal(head: str, findings: Sequence[Finding]) -> str:
    """The head, such as ``No. 48 is not published``, then one line for each finding."""
    red = findings[0].severity is Severity.RED
    count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
    wish = "mend them" if red else "mend them, or take them on: --accept-warnings NAME"
    return "\n".join([f"{head}, {count}: {wish}", *(line_of(finding) for finding in findings)])


def line_of(finding: Finding) -> str:
    """A finding in one line."""
    place = " ".join(part for part in (finding.where, finding.language) if part)
    remedy = f" ({finding.remedy})" if finding.remedy else ""
    return f"{finding.severity} {finding.code}{f' {place}' if place else ''}: {finding.message}{remedy}"
