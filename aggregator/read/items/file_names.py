"""Names and kinds of the files that feeds attach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from aggregator.text.clean import clean_title

KINDS = frozenset(
    {
        "hwp", "hwpx", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "odt", "ods",
        "odp", "txt", "csv", "rtf", "hml", "cell", "show", "xlsm", "7z", "alz", "egg",
    }
)  # fmt: skip
"""The kinds of documents that press offices attach."""

MAX_NAME = 200
"""Characters of a name."""

_OF_MEDIA_TYPE = {
    "application/x-hwp": "hwp",
    "application/haansofthwp": "hwp",
    "application/vnd.hancom.hwp": "hwp",
    "application/hwp": "hwp",
    "application/hwp+zip": "hwpx",
    "application/haansofthwpx": "hwpx",
    "application/vnd.hancom.hwpx": "hwpx",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/rtf": "rtf",
}

_SCRIPTS = frozenset({"do", "es", "jsp", "php", "asp", "aspx", "html", "htm", "xhtml", "cgi"})
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,4}|7z|mp[34])\Z")
_TO_EXTENSION = re.compile(
    rf"\A(.{{0,400}}?\.(?:{'|'.join(sorted(KINDS, key=len, reverse=True))}))(?![A-Za-z0-9.])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\A(?:첨부\s?(?:파일|자료|문서)?\s?\d{0,2}\s?[:：)\]]|첨부\s?파일\s|파일\s?(?:명|이름)?\s?[:：]|다운로드\s?[:：]?\s)\s*"
)
_GENERIC = re.compile(
    r"\W*(?:첨부|붙임|파일|문서|자료|다운로드|내려받기|받기|저장|원문|보기|바로가기|클릭|여기|다운|download|attachments?|file|here|hwpx?|pdf"
    r"|\W)+",
    re.IGNORECASE,
)
_DRIVE_OR_DOTS = re.compile(r"\\|\A(?:[A-Za-z]:)?/|\.\./|\A\./")


def kind_of_type(media_type: str) -> str:
    """The kind of document that a media type names, or ""."""
    return _OF_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower(), "")


def extension(name: str) -> str:
    """The extension of a name in lower case, of whatever kind, or ""."""
    match = _EXTENSION.search(name)
    return match[1].lower() if match else ""


def names_in_address(url: str) -> Iterator[str]:
    """File names that an address spells: in a parameter, or as the end of its path."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, encoding="latin-1")
    except ValueError:
        return
    for _, value in pairs:
        name = file_name(_text(value.encode("latin-1", "replace")))
        if extension(name) in KINDS:
            yield name
    name = file_name(_text(unquote_to_bytes(parts.path.rpartition("/")[2])))
    if extension(name) and extension(name) not in _SCRIPTS:
        yield name


def shown_name(text: str) -> str:
    """The file name in what a link shows: without labels before it and sizes behind it; "" for
    words that name no file, such as 첨부파일 or 다운로드."""
    name = file_name(_LABEL.sub("", clean_title(text)))
    if (match := _TO_EXTENSION.match(name)) is not None:
        name = match[1]
    return "" if not extension(name) and _GENERIC.fullmatch(name) else name


def file_name(text: str) -> str:
    """A name on one line, without folders, invisible and direction marks, at most 200 characters
    with its extension kept."""
    name = clean_title(text)
    if _DRIVE_OR_DOTS.search(name):
        name = re.split(r"[\\/]", name)[-1]
    name = name.replace("/", "-").strip(". ")
    if len(name) <= MAX_NAME:
        return name
    end = f".{kind}" if (kind := extension(name)) else ""
    return f"{name[: MAX_NAME - len(end) - 1].rstrip('. ')}…{end}"


def _text(raw: bytes) -> str:
    for charset in ("utf-8", "cp949"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return ""
