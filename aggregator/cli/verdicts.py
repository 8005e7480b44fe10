"""Verbs about what belongs together: split, merge, verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.explanation_lines import printable
from aggregator.cli.forms import counted, instant, story_form, to_json
from aggregator.cli.hub import tell_hub
from aggregator.domain.errors import UsageError
from aggregator.domain.items import StoredItem
from aggregator.services.editing import rulings
from aggregator.services.editing.rulings import Regrouped, Ruling
from aggregator.services.publishing.publish import build_site

PAIRS = 6
"""Pairs of a ruling that a person is shown; --json has all."""

REASON_HELP = "The reason, kept with the verdicts and in the log."
REGROUPED_HELP = "What the stories are now as one JSON object."


@click.command()
@click.argument("story")
@click.argument("members", metavar="MEMBER...", nargs=-1, required=True)
@click.option("--reason", default="", help=REASON_HELP)
@click.option("--json", "as_json", is_flag=True, help=REGROUPED_HELP)
@click.pass_obj
def split(
    state: State, story: str, members: tuple[str, ...], reason: str, *, as_json: bool
) -> None:
    """Take each MEMBER (a link, a feed's id, a title or a part of it) out of STORY.

    They become one story of their own; STORY keeps its id and its place in issues. Whatever comes
    later joins one of the two.
    """
    app = state.synced()
    done = rulings.split(app.desk, app.curator, story, members, reason=reason)
    _say(app, done, as_json=as_json)


@click.command()
@click.argument("stories", metavar="STORY STORY...", nargs=-1, required=True)
@click.option("--reason", default="", help=REASON_HELP)
@click.option("--json", "as_json", is_flag=True, help=REGROUPED_HELP)
@click.pass_obj
def merge(state: State, stories: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Make one story of each STORY (a link, a title or a part of it, an id), whatever the rules say.

    The first one keeps its id, or the one that an issue has printed; picks of the others become its
    own.
    """
    if len(stories) == 1:
        raise UsageError("name two stories or more to merge")
    app = state.synced()
    _say(app, rulings.merge(app.desk, app.curator, stories, reason=reason), as_json=as_json)


@click.command()
@click.argument("story", required=False)
@click.option(
    "--forget", "ids", metavar="ID", multiple=True, help="Take this one back; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each split or merge.")
@click.pass_obj
def verdicts(state: State, story: str | None, ids: tuple[str, ...], *, as_json: bool) -> None:
    """List what editors said by split and merge, of all stories or of STORY, the newest first.

    With --forget the rules decide again of the items that it was about.
    """
    if ids and story is not None:
        raise UsageError("--forget takes ids of this list, not a story")
    if ids:
        app = state.synced()
        _say(app, rulings.forget(app.desk, app.curator, ids), as_json=as_json, taken_back=True)
        return
    found = rulings.rulings(state.app().desk, story)
    for one in found:
        click.echo(to_json(ruling_form(one)) if as_json else "\n".join(_lines(one)))
    if not found and not as_json:
        click.echo("no editor has split or merged " + ("it" if story else "a story"))


def _say(app: App, done: Regrouped, *, as_json: bool, taken_back: bool = False) -> None:
    build_site(app.desk, app.press)
    if as_json:
        click.echo(to_json(regrouped_form(done)))
    else:
        _print(done, taken_back=taken_back)
    tell_hub(app)


def _print(done: Regrouped, *, taken_back: bool) -> None:
    count = "1 story" if len(done.stories) == 1 else f"{len(done.stories)} stories"
    click.echo(f"forgotten: {done.ruling}; now {count}" if taken_back else f"now {count}")
    for story in done.stories:
        form = story_form(story)
        click.echo(
            f"{form['id']}  {form['day'] or '-'}  {form['section'] or 'no section'}"
            f"  {printable(form['title'])}"
        )
        for member in form["members"]:
            click.echo(f"  {member['feed']}: {printable(member['title'])}")
            click.echo(f"    {printable(member['url'] or '-')}")
    for note in done.notes:
        click.echo(f"aggregator: note: {printable(str(note))}", err=True)
    if not taken_back:
        click.echo(f"aggregator verdicts --forget {done.ruling} takes this back")


def _lines(one: Ruling) -> Iterator[str]:
    at = f"{instant(one.at)}"[:16].replace("T", " ")
    reason = f" ({printable(one.reason)})" if one.reason else ""
    kind = "split" if one.is_split else "merge"
    yield click.style(f"{one.id}  {kind}", bold=True) + f" by {one.by} on {at} KST{reason}"
    # What was told apart says what a split was; what was joined besides follows from it.
    shown = [pair for pair in one.pairs if not pair[0]] or one.pairs
    for is_same, a, b in shown[:PAIRS]:
        yield f"  {a.item.feed_id}: {printable(a.item.title)}"
        sign = "same as" if is_same else "not the same as"
        yield f"    {sign} {b.item.feed_id}: {printable(b.item.title)}"
    if len(shown) > PAIRS:
        yield f"  … and {counted(len(shown) - PAIRS, 'pair')} more"


# --- JSON -----------------------------------------------------------------------------------------


def regrouped_form(done: Regrouped) -> dict[str, Any]:
    """What the stories are after a ruling."""
    return {
        "ruling": done.ruling,
        "stories": [story_form(story) for story in done.stories],
        "notes": [str(one) for one in done.notes],
    }


def ruling_form(one: Ruling) -> dict[str, Any]:
    """What an editor said by one command."""
    return {
        "id": one.id,
        "kind": "split" if one.is_split else "merge",
        "by": one.by,
        "at": instant(one.at),
        "why": one.reason or None,
        "pairs": [
            {"same": is_same, "a": _item_form(one, a), "b": _item_form(one, b)}
            for is_same, a, b in one.pairs
        ],
    }


def _item_form(one: Ruling, stored: StoredItem) -> dict[str, Any]:
    item = stored.item
    return {
        "feed": item.feed_id,
        "title": item.title,
        "url": item.link or None,
        "story": one.stories.get(stored.id),
    }
