"""The ledger of how hosts were treated, counted where it happens."""

from __future__ import annotations

from aggregator.domain.visits import Manners


class Ledger:
    """Counts for each host since it was last taken; see ``aggregator.domain.visits.Manners``."""

    def __init__(self) -> None:
        self._hosts: dict[str, Manners] = {}

    def note_sent(self, host: str, gap: float | None) -> None:
        """A request went out, ``gap`` seconds after the end of the exchange before it."""
        self._add(Manners(host=host, requests=1, shortest_gap=gap))

    def note_received(self, host: str, size: int) -> None:
        """So many bytes of a body came, as they were sent."""
        if size:
            self._add(Manners(host=host, bytes=size))

    def note_not_modified(self, host: str, saved: int) -> None:
        """A 304 left a document of ``saved`` bytes unsent."""
        self._add(Manners(host=host, not_modified=1, bytes_saved=saved))

    def take(self) -> list[Manners]:
        """All of it, by host; counting begins anew."""
        taken, self._hosts = self._hosts, {}
        return [taken[host] for host in sorted(taken)]

    def _add(self, more: Manners) -> None:
        known = self._hosts.get(more.host)
        self._hosts[more.host] = more if known is None else known.plus(more)
