"""A digest in words: the subject and text of a mail, and what a webhook gets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from aggregator.catalogue import LANGUAGES, Catalogue, print_minute
from aggregator.domain.bodies import Body
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import Mail, NotifyOptions, Posting
from aggregator.services.reports.digest_changes import Change, Digest, Notice

PREFIX = "[desk]"
LONGEST = 200
"""Characters of what a server said that are repeated."""

_RULE = "-" * 60
_COUNTED = (
    ("ill", (Change.ILL, Change.OTHERWISE)),
    ("well", (Change.WELL,)),
    ("moved", (Change.MOVED,)),
    ("maybe_lost", (Change.MAYBE_LOST,)),
    ("unverified", (Change.UNVERIFIED,)),
)


def subject_of(digest: Digest, catalogue: Catalogue) -> str:
    """Such as ``[desk] 3 feeds ill, 1 well again``. Nothing in it comes from a feed."""
    parts = [
        catalogue.text(f"digest.count.{name}", "en", count=count)
        for name, changes in _COUNTED
        if (count := digest.count(*changes))
    ]
    return f"{PREFIX} {', '.join(parts)}"


def text_of(digest: Digest, catalogue: Catalogue, bodies: Mapping[str, Body]) -> str:
    """The whole text, in Korean and then in English."""
    parts = [
        "\n".join(_lines(digest, catalogue, bodies, language)).rstrip("\n")
        for language in LANGUAGES
    ]
    return f"\n\n{_RULE}\n\n".join(parts) + "\n"


def _lines(
    digest: Digest, catalogue: Catalogue, bodies: Mapping[str, Body], language: str
) -> Iterator[str]:
    yield catalogue.text(
        "status.summary", language, count=digest.feeds, ill=digest.ill, now=print_minute(digest.at)
    )
    for change in Change:
        notices = [notice for notice in digest.notices if notice.change is change]
        if notices:
            yield ""
            yield catalogue.text(f"digest.heading.{change}", language)
        for notice in notices:
            yield ""
            yield from _notice_lines(notice, catalogue, bodies, language)


def _notice_lines(
    notice: Notice, catalogue: Catalogue, bodies: Mapping[str, Body], language: str
) -> Iterator[str]:
    report = notice.report
    body = bodies.get(report.feed.body)
    name = body.print_name(language) if body else report.feed.body
    state = catalogue.text(report.name, language)
    title = f"{name} ({report.feed.id})"
    if notice.change in {Change.ILL, Change.OTHERWISE}:
        since = print_minute(report.since) if report.since else ""
        yield f"* {title}: {state}" + (
            f", {catalogue.text('status.since', language, day=since)}" if since else ""
        )
        yield f"  {catalogue.text(report.meaning, language)}"
        yield f"  {catalogue.text('status.do', language)}: " + catalogue.text(
            report.advice, language
        )
        if report.says:
            yield f"  > {_plain(report.says)}"
        return
    yield f"* {title}"
    if notice.change is Change.WELL:
        yield f"  {catalogue.text(f'health.{notice.before}', language)} → {state}"
    elif notice.change is Change.MOVED:
        yield f"  {_plain(report.moved_to)}"


def _plain(text: str) -> str:
    """What came from elsewhere, on one line."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def mail_of(
    digest: Digest, options: NotifyOptions, catalogue: Catalogue, bodies: Mapping[str, Body]
) -> Mail:
    """The digest as a mail. Its key is made of its day and changes: the same digest again is the same
    mail."""
    day = digest.at.astimezone(SEOUL).date()
    told = [
        (one.report.feed.id, one.change, one.before, one.report.health, one.report.moved_to)
        for one in digest.notices
    ]
    key = hashlib.sha256(repr((str(day), told)).encode()).hexdigest()[:32]
    return Mail(
        sender=options.sender,
        to=options.to,
        subject=subject_of(digest, catalogue),
        text=text_of(digest, catalogue, bodies),
        at=digest.at.astimezone(SEOUL),
        key=f"digest.{day:%Y%m%d}.{key}",
    )


def posting_of(digest: Digest, catalogue: Catalogue, bodies: Mapping[str, Body]) -> Posting:
    """The digest as JSON has it. ``text`` is what chat programs show of a webhook."""
    return {
        "text": f"{subject_of(digest, catalogue)}\n{text_of(digest, catalogue, bodies)}",
        "subject": subject_of(digest, catalogue),
        "at": digest.at.astimezone(SEOUL).isoformat(timespec="seconds"),
        "ill": digest.ill,
        "feeds": digest.feeds,
        "changes": [_change_form(notice, catalogue) for notice in digest.notices],
    }


def _change_form(notice: Notice, catalogue: Catalogue) -> dict[str, object]:
    report = notice.report
    since = report.since
    return {
        "feed": report.feed.id,
        "change": notice.change.value,
        "health": report.health.value,
        "before": notice.before.value,
        "since": since.astimezone(SEOUL).isoformat(timespec="seconds") if since else None,
        "says": report.says or None,
        "do": catalogue.text(report.advice, "en"),
        "moved_to": report.moved_to or None,
    }
