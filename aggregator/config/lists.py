"""What the settings of a page that lists releases say about each other."""

from __future__ import annotations

import re

from aggregator.config.places import KeyPath
from aggregator.config.schema import FeedTable, SelectTable
from aggregator.config.values import BadValue, read_pattern, shown
from aggregator.config.walk import Report

_GROUP = re.compile(r"\{([1-9])\}")
_PAGE = "{page}"


def check_list(feed: FeedTable, path: KeyPath, report: Report) -> None:
    """Report what is missing or contradicts itself in a feed of the kind ``html_list``, and keys
    of such a feed in one of another kind."""
    if feed.kind != "html_list":
        if feed.select is not None:
            remedy = 'leave it out, or write kind = "html_list"'
            report((*path, "select"), f'a feed of the kind "{feed.kind}" selects nothing', remedy)
        for key, is_given in (("pages", feed.pages > 1), ("page_url", feed.page_url is not None)):
            if is_given:
                message = f'a feed of the kind "{feed.kind}" has no further pages'
                report((*path, key), message, 'leave it out, or write kind = "html_list"')
        return
    if feed.active and feed.select is None:
        message = 'the key "select" is missing'
        report(path, message, 'kind = "html_list" needs select = { item = "…", title = "…", … }')
    if feed.pages > 1 and feed.page_url is None:
        message = f'pages = {feed.pages} needs the key "page_url"'
        report((*path, "pages"), message, f'such as "https://www.example/list.do?page={_PAGE}"')
    if feed.page_url is not None and _PAGE not in feed.page_url:
        message = f"{shown(feed.page_url)} has no place for the number of a page"
        report((*path, "page_url"), message, f"write {_PAGE} where the number stands")
    if feed.select is not None:
        _check_call(feed.select, (*path, "select"), report)


def _check_call(select: SelectTable, path: KeyPath, report: Report) -> None:
    """The pattern of a call and the address made of it, which are nothing without each other."""
    for here, other in (("link_pattern", "link_template"), ("link_template", "link_pattern")):
        if getattr(select, here) is not None and getattr(select, other) is None:
            message = f'the key "{other}" is missing'
            report((*path, here), message, "link_pattern and link_template come together")
    if not select.link_pattern or not select.link_template:
        return
    wanted = [int(number) for number in _GROUP.findall(select.link_template)]
    try:
        groups = re.compile(read_pattern(select.link_pattern)).groups
    except BadValue:
        return
    if not wanted:
        message = f"{shown(select.link_template)} has no place for what the pattern finds"
        report((*path, "link_template"), message, "write {1} where its first group belongs")
    elif max(wanted) > groups:
        message = f"the pattern has no group {max(wanted)}"
        remedy = f"it has {groups}: put brackets around what {{{max(wanted)}}} stands for"
        report((*path, "link_template"), message, remedy)
