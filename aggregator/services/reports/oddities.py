"""The warnings of reading and refreshing in plain words: what was odd, and what was done."""

from __future__ import annotations

from collections.abc import Iterable

SENTENCES = {
    "bare-ampersands": "An & that begins no reference was taken as the sign itself.",
    "broken-characters": "Some bytes are no characters of the charset; � stands in their place.",
    "charset-mismatch": "The text is in another charset than the one claimed; it was read in its own.",
    "control-characters": "Control characters, which XML forbids, were left out.",
    "cut-off": "The document breaks off before its end; what came was read.",
    "cut-tag-names": "A tag name that was cut in two was joined again.",
    "detail-missing": "The page of a release could not be read; it stands without its text for now.",
    "doctype-removed": "A document type, which may define entities, was left out.",
    "duplicate-entries": "Entries that are the same one stand there twice; the latest was taken.",
    "empty-entries": "Entries without headline, link and text are not stored.",
    "entries-without-link": "Some entries have no address where they can be read.",
    "future-dates": "Dates more than three days ahead were not believed; today stands in their place.",
    "html-entities": "Names of signs that only HTML knows (nbsp, middot) were replaced by the signs.",
    "irregular-attributes": "Attributes of a tag were not written as XML wants them; they were put right.",
    "key-repeated": "The document repeats the key of its feed; it was masked, and the document not kept.",
    "leading-junk": "Something stood before the document; it was cut off.",
    "no-entries": "The feed has no entries.",
    "not-well-formed": "The markup is broken; as much was read as could be.",
    "open-cdata": "A CDATA section has no end of its own; it was taken to the end of its element.",
    "own-entities": "Abbreviations that the document defines itself were replaced by their meaning.",
    "page-missing": "A further page of a list could not be read; the others were taken.",
    "parts-cut": "An entry has too many authors, categories or files; the first ones were taken.",
    "placeholder-entry": "An entry says NOT SUPPORT: the board's feed is switched off.",
    "renumbered": "Most entries came under other ids or links than before; they were known again.",
    "repeated-bom": "The mark of the byte order stands there more than once.",
    "text-cut": "A text is too long; only its beginning was taken.",
    "text-like-tags": "What looks like a tag in a text and is none was taken as text.",
    "too-many-entries": "There are too many entries; those at the end were not read.",
    "trailing-junk": "Something stood behind the document; it was cut off.",
    "undated-entries": "Some entries have no date, or none that can be read.",
    "undeclared-prefixes": "Prefixes of elements are not declared; their usual meaning was taken.",
    "unknown-charset": "The charset that is claimed does not exist; the bytes told which it is.",
    "window-missing": "Some of the days asked for could not be had; the next visit asks for them again.",
    "window-passed": "Every entry is new; others may have come and gone since the last visit.",
    "withdrawn-entries": "The interface says of a release that it was taken back; it was left out.",
}
"""By slug; docs/errors.md has the same list."""


def explained(slugs: Iterable[str]) -> list[tuple[str, str]]:
    """Each slug once with its sentence, "" for one that has none."""
    return [(slug, SENTENCES.get(slug, "")) for slug in dict.fromkeys(slugs)]
