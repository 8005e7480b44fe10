"""From a parsed TOML document to structs, field by field, so that every mistake is found at once.

What cannot be taken is reported and replaced by the field's default, or by an empty value of its
type, so that the rest can still be judged. Nobody may use the result when there were problems.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, partial
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from aggregator.config.places import KeyPath
from aggregator.config.values import BadValue, nearest, shown

Report = Callable[[KeyPath, str, str], None]
"""Takes one mistake: its key path, what is wrong, what would be right."""

T = TypeVar("T", bound=msgspec.Struct)

_EXPECTED: dict[object, tuple[str, str]] = {
    str: ("a text", 'put it in quotes: "…"'),
    int: ("a whole number", "write it without quotes: 48"),
    float: ("a number", "write it without quotes: 2.5"),
    bool: ("true or false", "write true or false without quotes"),
    date: ("a day", "write it without quotes: 2026-11-22"),
}
_LIST = ("a list", 'write it in brackets: ["…", "…"]')
_TABLE = ("a table", "write it in braces: { key = … }, or under a header of its own")
_TABLES = ("a list of tables", "write each under a header in double brackets")


Read = Callable[[object, Report, KeyPath, Callable[[], object]], Any]
"""Takes a value, whom to tell, its key path, and what makes the value to use where it is wrong."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a table: how its value is read, and what stands for one that is not there."""

    info: FieldInfo
    read: Read
    fallback: Callable[[], object]


def read_struct(cls: type[T], raw: object, report: Report, path: KeyPath = ()) -> T:
    """An instance of ``cls`` made from ``raw``; everything wrong in it goes to ``report``."""
    if not isinstance(raw, dict):
        _wrong_type(raw, _TABLE, report, path)
        return _empty_struct(cls)
    known = _keys_of(cls)
    for name in raw:
        if name not in known:
            remedy = nearest(name, sorted(known))
            report((*path, name), f'there is no key "{_one_line(name)}" here', remedy)
    taken: dict[str, Any] = {}
    for name, key in known.items():
        if name in raw:
            taken[name] = key.read(raw[name], report, (*path, name), key.fallback)
        elif key.info.required:
            report(path, f'the key "{name}" is missing', _example(name, key.info))
            taken[name] = _empty(key.info.type)
    return cls(**taken)


@cache
def _keys_of(cls: type[msgspec.Struct]) -> Mapping[str, _Key]:
    """The keys of a struct; what their types mean is worked out once, as a file has a thousand
    feeds."""
    return {
        info.encode_name: _Key(info, _reader_of(info.type), partial(_fallback, info))
        for info in fields(cls)
    }


def _reader_of(kind: Any) -> Read:  # noqa: ANN401 - the type is data
    """What reads a value of this type."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, meta = get_args(kind)
        return partial(_read_annotated, (_reader_of(inner), meta))
    if origin in {types.UnionType, Union}:
        return _reader_of(next(arg for arg in get_args(kind) if arg is not type(None)))
    if origin is list:
        (inner,) = get_args(kind)
        return partial(_read_list, (inner, _reader_of(inner)))
    if origin is dict:
        key, value = map(_reader_of, get_args(kind))
        return partial(_read_dict, (key, value))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return lambda raw, report, path, _: read_struct(kind, raw, report, path)
    return partial(_read_leaf, kind)


def _read_annotated(
    inner: tuple[Read, msgspec.Meta],
    raw: object,
    report: Report,
    path: KeyPath,
    fallback: Callable[[], object],
) -> Any:  # noqa: ANN401 - the type is data
    read, meta = inner
    sound = True

    def note(where: KeyPath, message: str, remedy: str) -> None:
        nonlocal sound
        sound = sound and where != path
        report(where, message, remedy)

    value = read(raw, note, path, fallback)
    if not sound:
        return fallback()
    if isinstance(raw, list):
        if meta.min_length and len(raw) < meta.min_length:
            report(path, "the list is empty", "name at least one")
        return value
    check = (meta.extra or {}).get("read")
    if check is None:
        return _read_bounded(meta, value, report, path, fallback)
    try:
        check(value)
    except BadValue as error:
        report(path, error.message, error.remedy)
        return fallback()
    return value


def _read_bounded(
    meta: msgspec.Meta,
    value: object,
    report: Report,
    path: KeyPath,
    fallback: Callable[[], object],
) -> object:
    low, high = meta.ge, meta.le
    if not isinstance(value, int | float) or low is None or high is None:
        return value
    # Written so that "not a number" fails as well.
    if not low <= value <= high:
        report(path, f"{value} is out of range", f"from {low} to {high}")
        return fallback()
    return value


def _read_list(
    element_of: tuple[Any, Read],
    raw: object,
    report: Report,
    path: KeyPath,
    _: Callable[[], object],
) -> list[Any]:
    kind, read = element_of
    if not isinstance(raw, list):
        wanted = _TABLES if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else _LIST
        _wrong_type(raw, wanted, report, path)
        return []
    failed = object()

    def neutral() -> object:
        # What is bad keeps its place where it can, so that the rest stays under its own index.
        return failed if _is_choice(kind) else _empty(kind)

    found = (read(element, report, (*path, index), neutral) for index, element in enumerate(raw))
    return [value for value in found if value is not failed]


def _read_dict(
    readers: tuple[Read, Read],
    raw: object,
    report: Report,
    path: KeyPath,
    _: Callable[[], object],
) -> dict[Any, Any]:
    if not isinstance(raw, dict):
        _wrong_type(raw, _TABLE, report, path)
        return {}
    read_key, read_value = readers
    failed = object()
    found = {}
    for name, element in raw.items():
        key = read_key(name, report, (*path, name), lambda: failed)
        value = read_value(element, report, (*path, name), lambda: failed)
        if key is not failed and value is not failed:
            found[key] = value
    return found


def _read_leaf(
    kind: Any,  # noqa: ANN401 - the type is data
    raw: object,
    report: Report,
    path: KeyPath,
    fallback: Callable[[], object],
) -> Any:  # noqa: ANN401 - the type is data
    if kind is str and isinstance(raw, str):
        return raw
    try:
        value = msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        _report_leaf(kind, raw, report, path)
        return fallback()
    if isinstance(value, float) and not math.isfinite(value):
        report(path, f"{value} is no number to count with", "write a number such as 2.5")
        return fallback()
    return value


def _report_leaf(kind: Any, raw: object, report: Report, path: KeyPath) -> None:  # noqa: ANN401 - the type is data
    if get_origin(kind) is Literal:
        allowed = [str(value) for value in get_args(kind)]
    elif issubclass(kind, StrEnum):
        allowed = [member.value for member in kind]
    else:
        _wrong_type(raw, _EXPECTED[kind], report, path)
        return
    report(path, f"{shown(raw)} is not known here", nearest(_plain(raw), allowed))


def _is_choice(kind: Any) -> bool:  # noqa: ANN401 - the type is data
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum))


def _wrong_type(raw: object, wanted: tuple[str, str], report: Report, path: KeyPath) -> None:
    expected, remedy = wanted
    report(path, f"must be {expected}, not {_kind(raw)}", remedy)


def _kind(raw: object) -> str:
    """What a TOML value is, in words. bool before int and datetime before date: they nest."""
    names: tuple[tuple[type, str], ...] = (
        (str, "a text"),
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number"),
        (datetime, "an instant"),
        (date, "a day"),
        (time, "a time of day"),
        (list, "a list"),
        (dict, "a table"),
    )
    return next((name for cls, name in names if isinstance(raw, cls)), "something else")


def _plain(raw: object) -> str:
    return raw if isinstance(raw, str) else str(raw)


def _one_line(key: str) -> str:
    return key if key.isprintable() else repr(key)[1:-1]


def _fallback(info: FieldInfo) -> object:
    if info.default is not msgspec.NODEFAULT:
        return info.default
    if info.default_factory is not msgspec.NODEFAULT:
        return info.default_factory()
    return _empty(info.type)


def _empty(kind: Any) -> Any:  # noqa: ANN401 - the type is data
    """The neutral value of a required field that cannot be taken."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _empty(get_args(kind)[0])
    if origin is Literal:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _empty_struct(kind)
    return (origin or kind)()


def _empty_struct(cls: type[T]) -> T:
    return cls(**{key.info.name: key.fallback() for key in _keys_of(cls).values()})


def _example(key: str, info: FieldInfo) -> str:
    samples = {
        "schema": "schema = 1",
        "id": 'id = "molit-press"',
        "url": 'url = "https://www.example/rss.xml"',
        "body": 'body = "molit"',
        "series": 'series = "smart-city"',
        "ko": 'ko = "…"',
        "title": 'title = { ko = "…", en = "…" }',
        "tagline": 'tagline = { ko = "…", en = "…" }',
        "weight": "weight = 2.0",
        "words": 'words = ["…"]',
        "base_url": 'base_url = "https://news.example"',
        "tag_authority": 'tag_authority = "news.example,2024"',
        "publish": "[publish] with base_url and tag_authority",
    }
    if get_origin(info.type) is Annotated and (examples := get_args(info.type)[1].examples):
        return f'add {key} = "{examples[0]}"'
    tables = get_origin(info.type) is Annotated and get_origin(get_args(info.type)[0]) is list
    if tables and key in {"series", "sections"}:
        return f"add [[{key}]]"
    return f"add {samples.get(key, key)}"
