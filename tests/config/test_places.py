"""Lines of keys in a TOML text."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.places import KeyPath, find_places

TEXT = """\
# a comment with [brackets] and key = 1
schema = 1
server = { listen = "a:1", "odd key" = 2 }
a.b.c = 3
long = \"\"\"
[not.a.header]
key = "no"\"\"\"\"
words = [
  "one", # [two]
  'three',
  [4, { five = 5 }],
]

[defaults]
every = "1m"

[[feeds]]
id = "x"
[[feeds]]
id = "y"
"quoted\\u0041" = '''
]'''
[feeds.extra]
deep = true

[[feeds.more]]
last = 1979-05-27T07:32:00Z
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schema",), 2),
        (("server", "listen"), 3),
        (("server", "odd key"), 3),
        (("a", "b", "c"), 4),
        (("long",), 5),
        (("words", 0), 9),
        (("words", 1), 10),
        (("words", 2, 1, "five"), 11),
        (("defaults", "every"), 15),
        (("feeds", 0), 17),
        (("feeds", 0, "id"), 18),
        (("feeds", 1, "id"), 20),
        (("feeds", 1, "quotedA"), 21),
        (("feeds", 1, "extra", "deep"), 24),
        (("feeds", 1, "more", 0, "last"), 27),
    ],
)
def test_key_is_placed(path: KeyPath, line: int) -> None:
    """Headers, dotted keys, arrays and inline tables all lead to their lines."""
    assert line == find_places(TEXT).line(path)


def test_missing_key_has_the_line_of_its_table() -> None:
    """What is not there is said of the table that lacks it."""
    assert find_places(TEXT).line(("feeds", 1, "url")) == 19


def test_unknown_top_has_no_line() -> None:
    """A key missing at the top concerns the whole file."""
    assert find_places(TEXT).line(("publish",)) is None


def test_text_that_is_no_toml_has_the_places_before_the_break() -> None:
    """The scanner gives up quietly."""
    assert find_places("a = 1\nb = {\n ]").line(("a",)) == 1


def test_deep_nesting_is_given_up() -> None:
    """Nesting beyond the stack is no crash."""
    assert find_places("a = " + "[" * 100_000).line(("a", 0, 0)) == 1


def _paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:  # noqa: ANN401 - TOML data
    found = [path] if path else []
    if isinstance(value, dict):
        pairs: list[tuple[str | int, Any]] = [*value.items()]
    elif isinstance(value, list):
        pairs = [*enumerate(value)]
    else:
        return found
    for key, inner in pairs:
        found += _paths(inner, (*path, key))
    return found


KEYS = st.sampled_from(["a", "b", "'c d'", '"e.f"', "a.b", '"\\u0067"'])
SCALARS = st.sampled_from(
    ["1", '"x"', "'#'", '"\\""', '"""\n]"""', "'''\n'''", "1.5", "true", "1979-05-27", '"""a"""""']
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: "[" + ",\n".join(parts) + "]"),
        st.lists(inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"k{n} = {p}" for n, p in enumerate(parts)) + "}"
        ),
    ),
    max_leaves=5,
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    st.just("# = ["),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, max_size=8).map("\n".join))
def test_every_key_of_a_document_is_placed(text: str) -> None:
    """Whatever tomllib finds has a line of its own within the text."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = find_places(text).lines
    assert [path for path in _paths(document) if path not in lines] == []
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
