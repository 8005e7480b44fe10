"""What the parts of the file say about each other: double ids, names that nothing bears, and what
looks wrong without being so.

Everything here works on a file whose single values were judged already; a value that could not be
taken is empty by now and is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from aggregator.config.addresses import read_exception
from aggregator.config.bodies import index_names, names_of, shipped_bodies
from aggregator.config.lists import check_list
from aggregator.config.patterns import warn_of_patterns
from aggregator.config.places import KeyPath
from aggregator.config.schema import (
    DefaultsTable,
    FeedTable,
    FileTable,
    Names,
    NotifyTable,
    SectionTable,
    SeriesTable,
)
from aggregator.config.values import BadValue, nearest, read_condition, read_duration, shown
from aggregator.config.walk import Report
from aggregator.domain.bodies import FIRST_LEVEL, Body
from aggregator.domain.feeds import KEY_PLACE
from aggregator.domain.net import ALLOW, opens_metadata
from aggregator.domain.rules import FIELDS, Condition
from aggregator.text.fold import squash
from aggregator.text.offices import find_issuer
from aggregator.text.secrets import without_keys

_MADE = frozenset({"servicekey", "startdate", "enddate", "numofrows", "pageno"})
"""Parameters of an interface's address that a visit makes, in lower case."""


def check_references(file: FileTable, bodies: Mapping[str, Body], report: Report) -> None:
    """Report every double id and every name that means nothing. ``bodies`` are the file's and the
    shipped ones."""
    _check_bodies(file, bodies, report)
    _check_feeds(file, bodies, report)
    _check_series(file, report)
    _check_sections(file, bodies, report)
    _check_topic(file, report)
    _check_notify(file.notify, report)


def find_oddities(file: FileTable, report: Report) -> None:
    """Report what is allowed and still looks like a mistake."""
    warn_of_patterns(file, report)
    for index, text in enumerate(file.allow_private):
        if opens_metadata(read_exception(text)):
            message = f"{shown(text)} lets feeds reach addresses where a cloud keeps its secrets"
            report((ALLOW, index), message, "name the one host and port that a feed has")
    for index, feed in enumerate(file.feeds):
        _, names = without_keys(feed.url, KEY_PLACE)
        if names:
            message = f"the address holds a key ({', '.join(map(shown, names))})"
            remedy = f'write {KEY_PLACE} in its place and key_env = "…", an environment variable'
            report(("feeds", index, "url"), message, remedy)
    for index, section in enumerate(file.sections):
        if (section.lead.bodies or section.lead.groups) and section.overflow is None:
            report(
                ("sections", index, "lead"),
                "what does not lead has nowhere to go",
                'name a section with overflow = "…"',
            )


def _check_unique(values: Iterable[str], what: str, path: tuple[str, str], report: Report) -> None:
    """``path`` is the name of the list and of the key that must be unique in it."""
    table, key = path
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if value and value in seen:
            message = f"{shown(value)} is the {what} of {table}[{seen[value]}] already"
            report((table, index, key), message, "every one needs its own")
        seen.setdefault(value, index)


def _check_known(
    value: str, known: Collection[str], what: str, path: KeyPath, report: Report
) -> None:
    if value and value not in known:
        report(path, f"there is no {what} {shown(value)}", nearest(value, sorted(known)))


def _check_bodies(file: FileTable, bodies: Mapping[str, Body], report: Report) -> None:
    if not file.bodies:
        return
    _check_unique((body.id for body in file.bodies), "id", ("bodies", "id"), report)
    shipped = shipped_bodies()
    owners = {squash(n): b.id for b in shipped.values() for n in names_of(b)}
    first_level = _regions(bodies)
    for index, table in enumerate(file.bodies):
        path = ("bodies", index)
        if table.region is not None:
            _check_known(table.region, first_level, "region", (*path, "region"), report)
        for place, alias in enumerate(table.aliases):
            owner = owners.setdefault(squash(alias), table.id)
            if alias and owner != table.id:
                message = f'{shown(alias)} means the body "{owner}" already'
                report((*path, "aliases", place), message, "an alias belongs to one body")
        if table.id in shipped or not table.id:
            continue
        for key in ("name", "print", "level"):
            if getattr(table, key) is None:
                message = f'the key "{key}" is missing'
                remedy = "a body that is not shipped needs name, print and level"
                report(path, message, remedy)


def _check_feeds(file: FileTable, bodies: Mapping[str, Body], report: Report) -> None:
    _check_unique((feed.id for feed in file.feeds), "id", ("feeds", "id"), report)
    _check_unique((feed.url for feed in file.feeds), "address", ("feeds", "url"), report)
    _check_interval(file.defaults, None, ("defaults", "every"), report)
    for index, feed in enumerate(file.feeds):
        _check_known(feed.body, bodies, "body", ("feeds", index, "body"), report)
        _check_way(feed, ("feeds", index), report)
        if feed.every is not None or feed.max_interval is not None:
            every = feed.every or file.defaults.every
            merged = DefaultsTable(
                every=every, max_interval=feed.max_interval or file.defaults.max_interval
            )
            key = "every" if feed.every is not None else "max_interval"
            _check_interval(merged, feed.id, ("feeds", index, key), report)


def _check_way(feed: FeedTable, path: KeyPath, report: Report) -> None:
    """How the feed is got: what belongs together, and what can be fetched."""
    check_list(feed, path, report)
    if feed.form and feed.method != "POST":
        message = f"a form is not sent with {feed.method}"
        report((*path, "form"), message, 'leave it out, or write method = "POST"')
    _check_interface(feed, path, report)


def _check_interface(feed: FeedTable, path: KeyPath, report: Report) -> None:
    """What belongs to an open-data interface, and what does not."""
    if feed.kind != "press_api":
        if feed.days is not None:
            remedy = 'leave it out, or write kind = "press_api"'
            report(
                (*path, "days"), f'a feed of the kind "{feed.kind}" is not asked for days', remedy
            )
        _check_key(feed, path, report)
        return
    if feed.active and feed.key_env is None:
        remedy = 'name the environment variable that holds it: key_env = "DATA_GO_KR_KEY"'
        report(path, 'the key "key_env" is missing: kind = "press_api" asks with a key', remedy)
    if feed.method != "GET":
        message = f'kind = "press_api" is asked with GET, not with {feed.method}'
        report((*path, "method"), message, "leave it out")
    given = {name.lower() for name, _ in parse_qsl(urlsplit(feed.url).query, True)}  # noqa: FBT003
    if made := sorted(given & _MADE):
        message = f"the parameter {shown(made[0])} of the address is filled in at each visit"
        remedy = "leave it out; the key comes from the environment variable that key_env names"
        report((*path, "url"), message, remedy)


def _check_key(feed: FeedTable, path: KeyPath, report: Report) -> None:
    """The place of a key in the address of a feed, and where the key comes from."""
    has_place = feed.kind == "feed" and KEY_PLACE in feed.url
    if feed.key_env is not None and not has_place:
        remedy = f'leave it out, put {KEY_PLACE} into url, or write kind = "press_api"'
        if feed.kind != "feed":
            remedy = 'leave it out, or write kind = "press_api"'
        report((*path, "key_env"), f'a feed of the kind "{feed.kind}" needs no key', remedy)
    if has_place and feed.key_env is None:
        remedy = 'name the environment variable that holds it: key_env = "OFFICE_KEY"'
        report((*path, "url"), f"the address has a place for a key, {KEY_PLACE}", remedy)
    if has_place and KEY_PLACE in urlsplit(feed.url).netloc:
        report((*path, "url"), "a key is no part of the host", f"write {KEY_PLACE} behind the host")


def _check_interval(table: DefaultsTable, feed: str | None, path: KeyPath, report: Report) -> None:
    if read_duration(table.every) > read_duration(table.max_interval):
        message = (
            f"every {shown(table.every)} is longer than max_interval {shown(table.max_interval)}"
        )
        of = f' of the feed "{feed}"' if feed else ""
        report(path, message, f"raise the max_interval{of}")


def _check_notify(notify: NotifyTable, report: Report) -> None:
    """A mail needs somebody who sends it, and a server that takes it."""
    if not notify.to:
        return
    for key, example in (("sender", '"desk@news.example"'), ("smtp", '"smtp://mail.example:587"')):
        if getattr(notify, key) is None:
            report(
                ("notify", "to"),
                f'mail needs the key "{key}", which is missing',
                f"add {key} = {example}, or leave to out",
            )


def _check_series(file: FileTable, report: Report) -> None:
    _check_unique((series.id for series in file.series), "id", ("series", "id"), report)
    for index, series in enumerate(file.series):
        path = ("series", index)
        if index > 0:
            report(path, "a second series cannot be made yet", "keep one [[series]] in the file")
        for place, language in enumerate(series.languages):
            if language in series.languages[:place]:
                message = f"{shown(language)} is in the list twice"
                report((*path, "languages", place), message, "leave one of them out")
        _check_names(series.title, series.languages, (*path, "title"), report)
        _check_names(series.tagline, series.languages, (*path, "tagline"), report)
        _check_mail(series, file.notify, path, report)


def _check_mail(series: SeriesTable, notify: NotifyTable, path: KeyPath, report: Report) -> None:
    """A list has one language of the series, which no other has; and mail needs somebody who sends
    it, and a server that takes it."""
    mail = series.mail
    path = (*path, "mail", "lists")
    for index, one in enumerate(mail.lists):
        place = (*path, index, "language")
        if one.language not in series.languages:
            message = f"the series has no edition in {shown(one.language)}"
            report(place, message, nearest(one.language, list[str](series.languages)))
        if one.language in [before.language for before in mail.lists[:index]]:
            report(place, f"{shown(one.language)} has a list already", "one list for each language")
    if mail.lists and mail.sender is None:
        remedy = 'add sender = "desk@news.example" to [series.mail], or leave lists out'
        report(path, 'mail needs the key "sender", which is missing', remedy)
    if mail.lists and mail.smtp is None and notify.smtp is None:
        remedy = 'add smtp = "smtp://mail.example:587" to [series.mail] or [notify]'
        report(path, 'mail needs the key "smtp", which is missing', remedy)


def _check_names(names: Names, languages: Iterable[str], path: KeyPath, report: Report) -> None:
    if "en" in languages and names.en is None:
        report(path, 'the key "en" is missing', 'the series has an English edition: add en = "…"')


def _check_sections(file: FileTable, bodies: Mapping[str, Body], report: Report) -> None:
    _check_unique((section.id for section in file.sections), "id", ("sections", "id"), report)
    series = [table.id for table in file.series if table.id]
    languages = {language for table in file.series for language in table.languages}
    for index, section in enumerate(file.sections):
        path = ("sections", index)
        _check_known(section.series, series, "series", (*path, "series"), report)
        _check_names(section.title, languages, (*path, "title"), report)
        _check_scope(section, bodies, path, report)
        _check_groups(file, section.bonus, (*path, "bonus"), report)
        _check_groups(file, section.lead.groups, (*path, "lead", "groups"), report)
        _check_conditions(file, section.must_any, (*path, "must_any"), report)
        _check_conditions(file, section.none, (*path, "none"), report)
        for place, either in enumerate(section.require):
            _check_conditions(file, either, (*path, "require", place), report)
        _check_overflow(section, file, (*path, "overflow"), report)
        if 0 < section.limit < section.fill:
            message = f"fill {section.fill} is more than limit {section.limit}"
            report((*path, "fill"), message, "a section is never filled beyond its limit")


def _check_scope(
    section: SectionTable, bodies: Mapping[str, Body], path: KeyPath, report: Report
) -> None:
    exclude, lead = section.exclude, section.lead
    for key, ids in (
        (("bodies",), section.bodies),
        (("exclude", "bodies"), exclude.bodies),
        (("lead", "bodies"), lead.bodies),
    ):
        for place, body in enumerate(ids):
            _check_known(body, bodies, "body", (*path, *key, place), report)
    for key, ids in ((("regions",), section.regions), (("exclude", "regions"), exclude.regions)):
        for place, region in enumerate(ids):
            _check_region(region, bodies, (*path, *key, place), report)


def _check_region(region: str, bodies: Mapping[str, Body], path: KeyPath, report: Report) -> None:
    """An id; whoever writes the region's name instead is told the id."""
    known = _regions(bodies)
    if not region or region in known:
        return
    named = find_issuer(index_names(bodies[one] for one in known), region)
    remedy = f'did you mean "{named}"?' if named else nearest(region, known)
    report(path, f"there is no region {shown(region)}", remedy)


def _regions(bodies: Mapping[str, Body]) -> list[str]:
    return sorted(i for i, body in bodies.items() if body.level in FIRST_LEVEL)


def _check_overflow(section: SectionTable, file: FileTable, path: KeyPath, report: Report) -> None:
    if section.overflow is None:
        return
    following = {table.id: table.overflow for table in file.sections}
    _check_known(section.overflow, [*following], "section", path, report)
    seen = {section.id}
    step: str | None = section.overflow
    while step and step not in seen:
        seen.add(step)
        step = following.get(step)
    if step and step == section.id:
        report(path, "the overflow comes back to this section", "name a section further down")


def _check_topic(file: FileTable, report: Report) -> None:
    _check_groups(file, file.topic.groups, ("topic", "groups"), report)
    _check_conditions(file, file.topic.must_any, ("topic", "must_any"), report)


def _check_groups(file: FileTable, groups: Iterable[str], path: KeyPath, report: Report) -> None:
    for index, group in enumerate(groups):
        _check_known(group, file.groups, "group", (*path, index), report)


def _check_conditions(file: FileTable, texts: Iterable[str], path: KeyPath, report: Report) -> None:
    for index, text in enumerate(texts):
        try:
            read_condition(text)
        except BadValue:
            continue
        for test in Condition.parse(text).tests:
            _check_known(test.group, file.groups, "group", (*path, index), report)
            _check_known(test.field, FIELDS, "field", (*path, index), report)
