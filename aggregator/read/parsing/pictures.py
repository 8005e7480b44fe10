"""Pictures of an entry: media elements, enclosures, podcasts' covers, with what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aggregator.domain.items import Image
from aggregator.read.links.addresses import absolute
from aggregator.read.parsing.parts import MAX_PART, each_once
from aggregator.read.parsing.raw import mapping_in, rows_in, text_in, value_in
from aggregator.text.xml_chars import xml_safe

_PICTURE_ENDS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".svg")

_PICTURE_ELEMENTS = (
    "itunes_image_href", "itunes_image_url", "thumbnail", "thumb", "img", "imgurl", "image_url",
    "imageurl", "news_image",
)  # fmt: skip
"""Elements in which podcasts, and by no standard boards and portals, put the address of a picture."""


def thumbnail_in(row: Mapping[str, Any], base: str) -> str:
    """The address of the small picture that an entry names as such, or ""."""
    small = (
        text_in(each, "url") for each in _pictures(row) if text_in(each, "element").endswith("nail")
    )
    return next((link for each in small if (link := absolute(each, base))), "")


def images_in(row: Mapping[str, Any], base: str) -> Iterator[Image]:
    """The pictures that an entry names outside its text: full ones before small ones, each once."""
    pictures = [each for each in _pictures(row) if is_picture(each)]
    pictures.sort(key=lambda each: text_in(each, "element").endswith("nail"))
    return each_once(
        _image(absolute(text_in(each, "url"), base), mapping_in(value_in(each, "notes")))
        for each in pictures
    )


def _pictures(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    further = mapping_in(value_in(row, "further"))
    addresses = [text_in(mapping_in(value_in(row, "image")), "href"), text_in(row, "picture")]
    if further:
        addresses += (text_in(further, name) for name in _PICTURE_ELEMENTS)
    return [
        *rows_in(value_in(row, "media_pictures")),
        *({"url": text_in(each, "href"), "type": each.get("type", "")}
          for each in rows_in(value_in(row, "links")) if value_in(each, "rel") == "enclosure"),
        *({"url": address, "medium": "image"} for address in addresses if address),
    ]  # fmt: skip


def is_picture(picture: Mapping[str, Any]) -> bool:
    """Whether a media element shows a picture, and no film or sound."""
    medium, media_type = text_in(picture, "medium"), text_in(picture, "type")
    if text_in(picture, "element").endswith("nail") or medium == "image":
        return True
    if medium or media_type:
        return media_type.startswith("image/")
    return text_in(picture, "url").partition("?")[0].lower().endswith(_PICTURE_ENDS)


def _image(address: str, notes: Mapping[str, Any]) -> Image:
    def note(*names: str) -> str:
        return next(
            (xml_safe(str(notes[name]))[:MAX_PART] for name in names if notes.get(name)), ""
        )

    return Image(
        url=address,
        alt=note("description", "title"),
        credit=note("credit", "copyright"),
        licence=note("license_href", "license", "copyright", "copyright_url"),
    )
