"""Names of offices as portals write them."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.text.fold import squash


def find_issuer(index: Mapping[str, str], name: str) -> str | None:
    """The id of the body that ``name`` means, or None; ``index`` maps folded names to ids.

    A local government is also found by the name of its office (경기도청, 해남군청).
    """
    folded = squash(name)
    found = index.get(folded)
    if found is None and folded.endswith(("도청", "시청", "군청", "구청")):
        found = index.get(folded.removesuffix("청"))
    return found
