"""What a configuration is once it was accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from aggregator.config.addresses import Endpoint
from aggregator.config.bodies import index_names
from aggregator.domain.bodies import Body
from aggregator.domain.feeds import Feed
from aggregator.domain.issues import Series
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.domain.notices import NotifyOptions
from aggregator.domain.people import DeskOptions
from aggregator.domain.problems import Problem
from aggregator.domain.publishing import PublishOptions
from aggregator.domain.rules import RuleSet
from aggregator.text.offices import find_issuer


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that feeds.toml says, with defaults applied and names resolved.

    ``path`` is the file, ``data_dir`` absolute. ``database_url`` may hold a password and is left
    out of the representation. ``dispatch`` says whether jobs go through PostgreSQL to workers. ``spacing`` is the pause between two requests to one host,
    ``keep_raw`` for how long documents are kept as they came.
    ``feeds`` are in file order, inactive ones too, without the desk's own. ``bodies`` are the
    shipped ones and the file's, by id. ``judge`` makes its warnings.
    """

    path: Path
    data_dir: Path
    database_url: str
    dispatch: Literal["local", "postgres"]
    timezone: str
    listen: Endpoint
    allow_private: tuple[AddressException, ...]
    connect_to: tuple[ConnectTo, ...]
    user_agent: str
    spacing: timedelta
    feeds: tuple[Feed, ...]
    keep_raw: timedelta
    notify: NotifyOptions
    desk: DeskOptions
    series: Series
    rules: RuleSet
    publish: PublishOptions
    bodies: Mapping[str, Body]
    judge: Callable[[Config], tuple[Problem, ...]] = field(compare=False)

    def __repr__(self) -> str:
        """Short, and without the database address."""
        return f"Config({str(self.path)!r}, {len(self.feeds)} feeds)"

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What looks wrong without being so, in file order. Found when it is asked for: the words of
        the rules are tried one by one, which only ``check`` waits for."""
        return self.judge(self)

    @cached_property
    def issuers(self) -> Mapping[str, str]:
        """The folded names of the bodies, with their ids. Many visits bring nothing, and then nobody
        asks for them."""
        return index_names(self.bodies.values())

    def issuer(self, name: str) -> str | None:
        """The id of the body that ``name`` means in any of its spellings, or None."""
        return find_issuer(self.issuers, name)
