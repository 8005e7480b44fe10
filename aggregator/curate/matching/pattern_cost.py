"""How much of a text a regular expression may look at without taking long, whatever the text is.

The engine of the standard library cannot be stopped, and a deadline would make the answer depend on
how busy the machine is. So the number of steps is bounded before anything is searched: from the
pattern alone follows how many steps it takes at most for a text of so many characters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from aggregator.curate.matching.pattern_chars import Chars
from aggregator.curate.matching.pattern_tree import REPEATS, Node, parse_pattern

PATTERN_PREFIX = "re:"
"""What a word of the rules begins with that is a regular expression."""

PATTERN_REACH = 2000
"""Characters of a field that regular expressions look at; what follows is no lead any more. One that
could take long on so many looks at fewer."""

MOST_STEPS = 20_000_000
"""Steps of the engine for one pattern in one field. The worst texts that were made for the worst
patterns took a tenth of a second, most of them a few milliseconds."""

_BLOCKS = 8

_ONCE = frozenset({"ASSERT", "ASSERT_NOT", "ATOMIC_GROUP", "POSSESSIVE_REPEAT"})
"""What is never gone back into once it has matched."""

_ANCHORS = frozenset({"AT_BEGINNING", "AT_BEGINNING_STRING"})

_Cost = tuple[float, float]
"""In how many ways a part may match at one place, and how many steps it takes to try them all."""


@lru_cache(maxsize=4096)
def safe_reach(pattern: str) -> int:
    """How many characters, up to ``PATTERN_REACH``, ``pattern`` can be searched for in without taking
    more than ``MOST_STEPS`` steps. Raises ``re.error`` for a pattern that is none."""
    tree = parse_pattern(pattern)
    low, high = 0, PATTERN_REACH
    # Nearly all are well below the bound, which is seen at once.
    if _sequence(tree, high)[1] * high <= MOST_STEPS:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if _steps(tree, middle) <= MOST_STEPS:
            low = middle
        else:
            high = middle - 1
    return low


def _steps(tree: Sequence[Node], length: int) -> float:
    """The most steps that a search takes in a text of this length."""
    if tree and tree[0].name in _ANCHORS:
        return _sequence(tree, length)[1]
    # The later it starts, the less is left to look at; so the starts are counted in blocks.
    lefts = [length * block // _BLOCKS for block in range(1, _BLOCKS + 1)]
    return sum(_sequence(tree, left)[1] for left in lefts) * (length / _BLOCKS)


def _sequence(nodes: Sequence[Node], length: int) -> _Cost:
    ways = ends = 1.0
    steps = 0.0
    before = None
    for node in nodes:
        # A word is one step, like a single character.
        if before and before.name == node.name == "LITERAL":
            continue
        more_ways, more_steps = _part(node, length)
        steps += ways * more_steps
        if before and _ends_before(before, node):
            # Of all ends of the repetition one alone stands before what must follow.
            ways = ends
        ends = ways
        ways *= more_ways
        before = node
    return ways, max(steps, 1.0)


def _ends_before(repeat: Node, node: Node) -> bool:
    """Whether ``node`` begins with a character that the repeated one before it never is."""
    if repeat.name not in REPEATS or len(repeat.parts[0]) != 1:
        return False
    repeated, first = repeat.parts[0][0].chars, _first(node)
    return bool(repeated and first and all(repeated.excludes(chars) for chars in first))


def _first(node: Node) -> list[Chars]:
    """What the first character of a part may be; empty where that is not known, or where the part
    may be nothing."""
    if node.chars:
        return [node.chars]
    if node.name not in {"SUBPATTERN", "BRANCH", "ATOMIC_GROUP", *REPEATS} or not node.least:
        return []
    firsts = [_first(part[0]) if part else [] for part in node.parts]
    return [chars for each in firsts for chars in each] if all(firsts) else []


def _part(node: Node, length: int) -> _Cost:
    if node.name in REPEATS:
        ways, steps = _repeat(node, length)
    elif node.name == "GROUPREF":
        ways, steps = 1.0, float(length)
    elif node.parts:
        each = [_sequence(part, length) for part in node.parts]
        ways, steps = sum(w for w, _ in each), sum(s for _, s in each)
        if node.name == "BRANCH" and _exclude_each_other(node):
            ways = max(w for w, _ in each)
    else:
        ways, steps = 1.0, 1.0
    return (1.0, steps) if node.name in _ONCE else (ways, steps)


def _repeat(node: Node, length: int) -> _Cost:
    (item,) = node.parts
    once, each = _sequence(item, length)
    most = length if node.most is None else min(node.most, length)
    least = min(node.least, most)
    if not most:
        return 1.0, 1.0
    if once <= 1:
        return most - least + 1.0, most * each + 1.0
    # So many ways for each of up to ``most`` times: this is where patterns explode.
    if most * math.log(once) > math.log(MOST_STEPS) + 1:
        return math.inf, math.inf
    ways = sum(once**times for times in range(least, most + 1))
    return ways, each * sum(once**times for times in range(most)) + 1.0


def _exclude_each_other(branch: Node) -> bool:
    """Whether one alternative at most can match at a place: they are words of which none begins
    another, or begin with different characters."""
    words = []
    for part in branch.parts:
        if not part or any(node.name != "LITERAL" for node in part):
            return _begin_differently(branch)
        words.append("".join(node.text for node in part).casefold())
    words.sort()
    return not any(after.startswith(before) for before, after in pairwise(words))


def _begin_differently(branch: Node) -> bool:
    firsts = [_first(part[0]) if part else [] for part in branch.parts]
    return all(firsts) and all(
        chars.excludes(other)
        for one, another in combinations(firsts, 2)
        for chars in one
        for other in another
    )
