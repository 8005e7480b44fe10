"""The verb check: the configuration, or what a document would become."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.app import State
from aggregator.cli.forms import read_form, to_json, when
from aggregator.domain.errors import AggregatorError, UnreadableFile, UsageError
from aggregator.domain.feeds import Feed

if TYPE_CHECKING:
    from aggregator.services.inspect import Inspected


@click.command()
@click.argument("what", nargs=-1, metavar="[FILE-OR-URL]...")
@click.option("--base", default="", help="The address the document came from, for its links.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the configuration file.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of lines.")
@click.pass_obj
def check(state: State, what: tuple[str, ...], base: str, *, schema: bool, as_json: bool) -> int:
    """Check the configuration; or show what each FILE-OR-URL would become as a feed.

    Exit status 2 for mistakes in the configuration, 1 for a document that is no feed.
    """
    if schema:
        from aggregator.config.schema import json_schema

        click.echo(to_json(json_schema()))
        return 0
    if not what:
        return _check_config(state, as_json=as_json)
    failed = 0
    for one in what:
        try:
            _print(one, _inspect(state, one, base), as_json=as_json)
        except AggregatorError as error:
            if len(what) == 1:
                raise
            failed += 1
            click.echo(f"aggregator: {one}: {error}", err=True)
    return 1 if failed else 0


def _check_config(state: State, *, as_json: bool) -> int:
    from aggregator.config.load import load_config

    config = load_config(state.config, state.environ)
    active = sum(feed.active for feed in config.feeds)
    if as_json:
        warnings = [asdict(problem) for problem in config.warnings]
        click.echo(
            to_json(
                {
                    "file": str(config.path),
                    "feeds": len(config.feeds),
                    "active": active,
                    "warnings": warnings,
                }
            )
        )
        return 0
    for problem in config.warnings:
        click.echo(f"{config.path}: warning: {problem}", err=True)
    sections = ", ".join(section.id for section in config.series.sections)
    click.echo(
        f"{config.path}: fine. {len(config.feeds)} feeds ({active} active), series"
        f" {config.series.id} with sections {sections}"
    )
    return 0


def _inspect(state: State, what: str, base: str) -> Inspected:
    from aggregator.services.inspect import inspect_document

    feed = Feed(id="check", url=base, title="", body="")
    if what.startswith(("http://", "https://")):
        from aggregator.ports import Fetched, FetchRequest

        fetcher = state.app().new_fetcher()

        async def get() -> Fetched:
            try:
                answer = await fetcher.fetch(FetchRequest(feed_id="check", url=what))
            finally:
                await fetcher.aclose()
            if not isinstance(answer, Fetched):
                raise UsageError(f"{what} answered 304 without being asked")
            return answer

        answer = asyncio.run(get())
        return inspect_document(
            answer.body,
            feed=feed,
            charset=answer.charset,
            media_type=answer.media_type,
            base_url=base or answer.url,
        )
    return inspect_document(_read(Path(what)), feed=feed, base_url=base)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror}") from error


def _print(what: str, found: Inspected, *, as_json: bool) -> None:
    parsed = found.parsed
    if as_json:
        click.echo(
            to_json(
                {
                    "document": what,
                    "version": parsed.version,
                    "title": parsed.title,
                    "link": parsed.link or None,
                    "language": parsed.language or None,
                    "encoding": parsed.encoding,
                    "claimed": parsed.claimed or None,
                    "warnings": list(found.warnings),
                    "items": [{**read_form(item), "raw": dict(item.raw)} for item in found.items],
                }
            )
        )
        return
    claimed = f", claimed {parsed.claimed}" if parsed.claimed else ""
    click.echo(f"{what}: {parsed.version}, {parsed.encoding}{claimed}: {parsed.title}")
    for warning in sorted(set(found.warnings)):
        click.echo(f"  warning: {warning}")
    for item in found.items:
        raw = item.raw.get("published", "")
        click.echo(f"  {when(item.published) or 'no date':<25} {item.title}")
        click.echo(f"      link {item.link or '-'}")
        click.echo(f"      key  {item.key}" + (f"   date as given: {raw!r}" if raw else ""))
        if item.summary:
            click.echo(f"      {item.summary}")
