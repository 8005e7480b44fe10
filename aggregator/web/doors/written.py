"""What somebody wrote into a form that was not carried out, so that it can be given back."""

from __future__ import annotations

from collections.abc import Mapping

WRITTEN = frozenset(
    {
        "authors", "blurb", "event_name", "note", "phone", "rules", "subject", "text", "title",
        "url", "value", "venues", "why",
    }
)  # fmt: skip
"""Fields into which people write, in whatever form of the desk; with a language behind a dot
(``note.ko``) they are the same."""


def written_in(form: Mapping[str, str]) -> tuple[str, ...]:
    """The texts of a form that somebody wrote, in its order."""
    return tuple(
        text for name, text in form.items() if text.strip() and name.partition(".")[0] in WRITTEN
    )
