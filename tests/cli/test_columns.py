"""Text in columns of a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from aggregator.cli.columns import LONGEST, WIDTH, labelled, shown, table, wrapped

WORDS = st.text(alphabet="가나도시abc-1", min_size=1, max_size=30)


def test_korean_takes_two_columns() -> None:
    """Numbers stand under each other, whatever is on their left."""
    assert [
        "  kind    pairs",
        "  인사        2",
        "  n_year     10",
    ] == table(("kind", "pairs"), [("인사", 2), ("n_year", 10)])


def test_a_cell_is_one_short_line() -> None:
    """A long one is cut, and what moves the cursor is gone."""
    (_, line) = table(("kind", "rows"), [("스마트" * 20 + "\n\x1b[2J", 1)])

    assert line.endswith("…     1")
    assert line.isprintable()
    assert cell_len(line) < 45


def test_a_label_stands_once() -> None:
    """Further lines and values stand under the first one; empty values are left out."""
    long = "가나다 " * 20
    lines = [*labelled("why", long.strip(), "", "b")]

    assert lines[0].startswith("      why  가나다")
    assert all(line.startswith(" " * 11) for line in lines[1:])
    assert "           b" == lines[-1]
    assert all(cell_len(line) <= WIDTH for line in lines)


@given(st.lists(WORDS), st.integers(2, 40))
def test_wrapped_text_is_whole(words: list[str], width: int) -> None:
    """No line is too wide, no sign is lost, and a word that fits is not broken."""
    lines = [*wrapped(" ".join(words), width)]

    assert all(cell_len(line) <= width for line in lines)
    assert "".join(words) == "".join(lines).replace(" ", "")
    pieces = {piece for line in lines for piece in line.split(" ")}
    assert {word for word in words if cell_len(word) <= width} <= pieces


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    """Cut where it is too long."""
    assert shown(text).isprintable()
    assert len(shown(text)) <= LONGEST
    assert len(shown(text * 1000)) <= LONGEST
