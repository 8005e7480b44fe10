"""The verb discover: how a page can be followed, as a block for the configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.feeds import KEY_PLACE
from aggregator.text.secrets import MASK, without_keys

if TYPE_CHECKING:
    from aggregator.domain.feeds import ListSelectors
    from aggregator.services.trials.discover import Discovered
    from aggregator.services.trials.probe import Contents

SHOWN_ITEMS = 3
"""Items of a list that are shown."""


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of TOML.")
@click.pass_obj
def discover(state: State, url: str, *, as_json: bool) -> int:
    """Look for the feeds of a page, or else for its list, and print blocks for the configuration.

    Exit status 1 when nothing was found. Nothing is stored but how hosts were treated.
    """
    _refuse(url)
    found = _look(state, url)
    blocks = [*_blocks(state, found)]
    if as_json:
        click.echo(to_json(discovery_form(found, blocks)))
    else:
        for line in _lines(found, blocks):
            click.echo(line)
    if blocks:
        return 0
    told = f": {_shown(found.title)}" if found.title else ""
    click.echo(f"aggregator: neither a feed nor a list was found at {_shown(url)}{told}", err=True)
    return AggregatorError.exit_status


def _refuse(url: str) -> None:
    from aggregator.config.addresses import read_url
    from aggregator.config.values import BadValue

    try:
        read_url(url)
    except BadValue as error:
        raise UsageError(f"{error.message} ({error.remedy})") from error


def _look(state: State, url: str) -> Discovered:
    from aggregator.services.trials.discover import Discoverer

    app = state.app()
    fetcher = app.new_remembering_fetcher()

    async def go() -> Discovered:
        try:
            return await Discoverer(fetcher=fetcher, clock=app.clock).discover(url)
        finally:
            await fetcher.aclose()

    return asyncio.run(go())


def _blocks(state: State, found: Discovered) -> Iterator[str]:
    """A TOML block for each way to follow the page."""
    from aggregator.config.proposals import key_variable
    from aggregator.services.trials.discover import feed_id, guess_body

    config = state.app().config
    taken = {feed.id for feed in config.feeds}
    ways: list[tuple[str, Contents, ListSelectors | None]] = [
        (feed.url, feed.contents, None) for feed in found.feeds
    ]
    if found.board is not None:
        ways.append((found.board.url, found.board.contents, found.board.select))
    for url, contents, select in ways:
        body = guess_body(config.issuers, (contents.title, found.title))
        name = feed_id(url, frozenset(taken), body)
        taken.add(name)
        shown, keys = without_keys(url, KEY_PLACE)
        has_place = len(keys) == 1 and select is None
        settings = {
            "id": name,
            "url": _shown(url) if keys and not has_place else shown,
            "title": _shown(contents.title or found.title or name),
            **({"body": body} if body else {}),
            **({"key_env": key_variable(name)} if has_place else {}),
        }
        block = toml_block(settings, select, found.today.isoformat())
        yield f"# keys are left out of its address: {', '.join(keys)}\n{block}" if keys else block


def toml_block(settings: Mapping[str, str], select: ListSelectors | None, checked: str) -> str:
    """A feed as it stands in feeds.toml. Where no body is known its line is a comment to fill
    in."""
    lines = ["[[feeds]]", *(f"{key} = {_quoted(value)}" for key, value in settings.items())]
    if "body" not in settings:
        lines.append('# body = "…" (whose releases these are: the id of an office)')
    if select is not None:
        given = ", ".join(f"{k} = {_quoted(v)}" for k, v in asdict(select).items() if v)
        lines += ['kind = "html_list"', f"select = {{ {given} }}"]
    return "\n".join([*lines, f"checked = {checked}"])


def _shown(text: str) -> str:
    """An address, or a text with addresses, without the keys in it."""
    return without_keys(text, MASK)[0]


def _quoted(text: str) -> str:
    """A basic string of TOML; of its escapes those of JSON are a part."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)


def _lines(found: Discovered, blocks: list[str]) -> Iterator[str]:
    """What was found, as comments above blocks that can be copied as they are."""
    for url, says in found.tried:
        yield _comment(f"tried {_shown(url)}: {_shown(says)}")
    for feed, block in zip(found.feeds, blocks, strict=False):
        yield _comment(f"{feed.how}: {_figures(feed.contents)}")
        yield block
        yield ""
    if found.board is not None:
        yield _comment(f"no feed; a list with guessed selectors: {_figures(found.board.contents)}")
        for item in found.board.items[:SHOWN_ITEMS]:
            day = item.published.day.isoformat() if item.published else "no day"
            yield _comment(f"{day}  {_shown(item.title)}  {_shown(item.link)}")
        yield blocks[-1]


def _comment(text: str) -> str:
    """One line of TOML that says nothing to the program, whatever strangers wrote into it."""
    plain = (sign if sign.isprintable() else " " for sign in text)
    return f"# {' '.join(''.join(plain).split())}"


def _figures(contents: Contents) -> str:
    newest = f"newest {contents.newest}" if contents.newest else "no day that can be believed"
    entries = f"{contents.entries} {'entry' if contents.entries == 1 else 'entries'}"
    return f"{contents.version}, {entries}, {newest}"


def discovery_form(found: Discovered, blocks: list[str]) -> dict[str, Any]:
    """What was found, for JSON."""
    board = found.board
    return {
        "url": _shown(found.url),
        "title": _shown(found.title),
        "feeds": [
            {
                "url": _shown(feed.url),
                "how": feed.how,
                **_contents_form(feed.contents),
                "toml": block,
            }
            for feed, block in zip(found.feeds, blocks, strict=False)
        ],
        "board": None
        if board is None
        else {
            "url": _shown(board.url),
            **_contents_form(board.contents),
            "items": [
                {
                    "title": _shown(item.title),
                    "link": _shown(item.link),
                    "day": item.published.day.isoformat() if item.published else None,
                }
                for item in board.items[:SHOWN_ITEMS]
            ],
            "toml": blocks[-1],
        },
        "tried": [{"url": _shown(url), "says": _shown(says)} for url, says in found.tried],
    }


def _contents_form(contents: Contents) -> dict[str, Any]:
    return {
        "version": contents.version,
        "entries": contents.entries,
        "newest": contents.newest.isoformat() if contents.newest else None,
    }
