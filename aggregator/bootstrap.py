"""The composition root: the only place where ports meet adapters."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.calendar.clocks import FixedClock, ShiftedClock, SystemClock
from aggregator.calendar.working_days import keep_in
from aggregator.catalogue import Catalogue
from aggregator.config.load import load_config
from aggregator.config.records import Config
from aggregator.ports.clock import Clock
from aggregator.ports.dispatching import Dispatcher
from aggregator.ports.fetching import Fetcher, PoliteFetcher
from aggregator.ports.mailing import LetterMaker
from aggregator.ports.metering import Meter
from aggregator.ports.notifying import Mailer, Poster
from aggregator.ports.people import PasswordHasher
from aggregator.ports.publishing import Previewer
from aggregator.ports.reading import DocumentReader
from aggregator.ports.storing import Store
from aggregator.services.desk import Desk

if TYPE_CHECKING:
    from aggregator.fetch.guard import Guard
    from aggregator.services.chores import Housekeeper
    from aggregator.services.curation.curate import Curator
    from aggregator.services.evaluation.duplicates import PairJudge
    from aggregator.services.evaluation.material import Material
    from aggregator.services.lab.rulebook import Rulebook
    from aggregator.services.people.accounts import Accounts
    from aggregator.services.people.doorkeeper import Doorkeeper
    from aggregator.services.publishing.mailing import Postman
    from aggregator.services.publishing.pinging import Pinger
    from aggregator.services.publishing.publish import Gate, Press
    from aggregator.services.rebuilding.rebuild import Rebuilder
    from aggregator.services.visits.refresh import Refresher


class App:
    """The wired program. Parts are made when first asked for, so that a verb loads only its own."""

    def __init__(self, config: Config, clock: Clock, environ: Mapping[str, str]) -> None:
        self.config = config
        self.clock = clock
        self.environ = environ
        self.refused: tuple[str, ...] = ()
        """The mistakes of a changed configuration that was refused while this one is in force."""

    def with_config(self, config: Config) -> App:
        """The same program under another configuration, on the same store."""
        other = App(config, self.clock, self.environ)
        other.__dict__["store"] = self.store
        other.__dict__["hasher"] = self.hasher
        if "meter" in self.__dict__:
            other.__dict__["meter"] = self.meter
        return other

    @cached_property
    def store(self) -> Store:
        """The store, its schema brought up to date."""
        from aggregator.store.schema import open_store

        store = open_store(self.config.database_url)
        keep_in(self.config.data_dir / "holidays.json")
        return store

    @cached_property
    def desk(self) -> Desk:
        """The newsroom. Asking for it writes nothing; ``sync`` mirrors the configured feeds."""
        return Desk(
            store=self.store,
            clock=self.clock,
            series=self.config.series,
            feeds=self.config.feeds,
            bodies=self.config.bodies,
            rules=self.config.rules,
            options=self.config.publish,
            catalogue=Catalogue.load(),
        )

    @cached_property
    def hasher(self) -> PasswordHasher:
        """What hashes passwords; one for the whole process, as it bounds how many at a time."""
        from aggregator.passwords.argon2id import Argon2idHasher

        return Argon2idHasher()

    @cached_property
    def meter(self) -> Meter:
        """What counts; one for the whole process. Only verbs that serve ask for it."""
        from aggregator import __version__
        from aggregator.metrics.meter import PrometheusMeter

        return PrometheusMeter(version=__version__, schema=self.schema)

    @property
    def schema(self) -> str:
        """The version of the schema that the program works with."""
        from aggregator.store.schema import HEAD

        return HEAD

    @property
    def accounts(self) -> Accounts:
        """Who may work at the desk."""
        from aggregator.services.people.accounts import Accounts

        return Accounts(
            store=self.store, hasher=self.hasher, clock=self.clock, options=self.config.desk
        )

    @property
    def doorkeeper(self) -> Doorkeeper:
        """What lets them in."""
        from aggregator.services.people.doorkeeper import Doorkeeper

        return Doorkeeper(
            store=self.store, hasher=self.hasher, clock=self.clock, options=self.config.desk
        )

    def sync(self) -> None:
        """Mirror the configured feeds into the store, before anything is done that writes."""
        self.desk.sync()

    @cached_property
    def curator(self) -> Curator:
        """What folds and places stories."""
        from aggregator.services.curation.curate import Curator

        return Curator(
            store=self.desk.store,
            clock=self.clock,
            feeds=self.config.feeds,
            bodies=self.config.bodies,
            rules=self.config.rules,
            issuer=self.config.issuer,
        )

    @staticmethod
    def rulebook(config: Config) -> Rulebook:
        """What of a configuration, this one or another, decides where a story goes."""
        from aggregator.services.lab.rulebook import Rulebook

        return Rulebook(
            rules=config.rules, series=config.series, feeds=config.feeds, bodies=config.bodies
        )

    @cached_property
    def press(self) -> Press:
        """What makes files."""
        from aggregator.publish.pictures import PictureFolder
        from aggregator.publish.sink import FileSink
        from aggregator.publish.site import SiteRenderer
        from aggregator.services.publishing.publish import Press

        data = self.config.data_dir
        return Press(
            renderer=SiteRenderer(catalogue=self.desk.catalogue),
            sink=FileSink(data / "public"),
            pictures=PictureFolder(data / "pictures"),
            new_fetcher=self.new_remembering_fetcher,
        )

    @property
    def letters(self) -> LetterMaker:
        """What makes the mails of issues."""
        from aggregator.publish.mail.letters import IssueLetters
        from aggregator.publish.pictures import PictureFolder

        return IssueLetters(
            series=self.config.series,
            options=self.config.publish,
            catalogue=self.desk.catalogue,
            pictures=PictureFolder(self.config.data_dir / "pictures"),
        )

    @property
    def previewer(self) -> Previewer:
        """What makes the files that editors look at before they are published."""
        from aggregator.publish.preview import IssuePreview

        return IssuePreview(catalogue=self.desk.catalogue)

    def gate(self, accepted_by: str = "") -> Gate:
        """What a draft must pass before it is published; ``accepted_by`` answers for what is amber."""
        from aggregator.services.publishing.linting import gate

        return gate(self.desk, accepted_by=accepted_by, mails=self.letters)

    @property
    def public(self) -> Path:
        """The folder of the published site."""
        return self.config.data_dir / "public"

    def new_fetcher(self) -> PoliteFetcher:
        """A fetcher for one event loop and a refresher, which keeps the ledger of what it sends; the
        caller closes it."""
        return self._fetcher(allow_all=False)

    def new_remembering_fetcher(self) -> Fetcher:
        """A fetcher for everything else that asks feeds' servers: it keeps the ledger by itself. The
        caller closes it."""
        return self._remembering(self._fetcher(allow_all=False))

    def new_operator_fetcher(self) -> Fetcher:
        """The same for an address that the operator configured and that may be private: a webhook."""
        return self._remembering(self._fetcher(allow_all=True))

    def _remembering(self, fetcher: PoliteFetcher) -> Fetcher:
        from aggregator.services.visits.remembering import RememberingFetcher

        return RememberingFetcher(fetcher=fetcher, store=self.store, clock=self.clock)

    def guard(self, *, allow_all: bool = False) -> Guard:
        """What says which addresses may be reached."""
        from aggregator.fetch.guard import Guard

        config = self.config
        return Guard(allow=config.allow_private, connect_to=config.connect_to, allow_all=allow_all)

    def _fetcher(self, *, allow_all: bool, spacing: float | None = None) -> PoliteFetcher:
        from aggregator.fetch.http import HttpFetcher

        config = self.config
        return HttpFetcher(
            guard=self.guard(allow_all=allow_all),
            user_agent=config.user_agent,
            spacing=config.spacing.total_seconds() if spacing is None else spacing,
            clock=self.clock,
        )

    def new_document_reader(self) -> DocumentReader:
        """What reads documents in processes of its own, which start with the first document; the
        caller closes it."""
        from aggregator.pool.process import ProcessReader

        handler = "aggregator.services.trials.inspect:document_reader"
        return ProcessReader(handler, [dict(self.config.issuers)])

    @staticmethod
    def new_page_reader() -> DocumentReader:
        """What reads what pages say of themselves, in a process of its own; the caller closes it."""
        from aggregator.pool.process import ProcessReader

        return ProcessReader("aggregator.services.trials.page_look:card_reader")

    @property
    def housekeeper(self) -> Housekeeper:
        """What does the work that has due times of its own."""
        from aggregator.services.chores import Housekeeper

        return Housekeeper(
            desk=self.desk,
            curator=self.curator,
            press=lambda: self.press,
            keep_raw=self.config.keep_raw,
        )

    def refresher(self, fetcher: PoliteFetcher, reader: DocumentReader) -> Refresher:
        """What refreshes feeds through ``fetcher`` and reads them with ``reader``."""
        from aggregator.services.visits.refresh import Refresher

        return Refresher(
            store=self.desk.store,
            fetcher=fetcher,
            clock=self.clock,
            reader=reader,
            environ=self.environ,
        )

    @contextlib.contextmanager
    def rebuilder(self) -> Iterator[Rebuilder]:
        """What makes items and stories again of kept documents, with an empty store beside the
        database that is thrown away in the end."""
        from aggregator.services.rebuilding.rebuild import Rebuilder
        from aggregator.services.rebuilding.replay import reader_for
        from aggregator.store.schema import open_store

        self.config.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".rebuild-", dir=self.config.data_dir) as folder:
            scratch = open_store(f"sqlite:///{Path(folder) / 'rebuild.db'}")
            try:
                yield Rebuilder(
                    live=self.desk.store,
                    scratch=scratch,
                    feeds=self.config.feeds,
                    bodies=self.config.bodies,
                    rules=self.config.rules,
                    issuer=self.config.issuer,
                    read=reader_for(self.config.issuer),
                )
            finally:
                scratch.close()

    @contextlib.contextmanager
    def pair_judge(self) -> Iterator[PairJudge]:
        """What decides labelled pairs of releases under this configuration, in a store of its own
        that is thrown away in the end."""
        from aggregator.services.evaluation.duplicates import PairJudge
        from aggregator.store.scratch import scratch_store

        with scratch_store() as scratch:
            yield PairJudge(material=self.new_material(), rules=self.config.rules, scratch=scratch)

    def new_material(self) -> Material:
        """What makes items of labelled releases."""
        from aggregator.services.evaluation.material import Material

        return Material(bodies=self.config.bodies, issuer=self.config.issuer)

    def mailer(self, environ: Mapping[str, str]) -> Mailer | None:
        """What hands mails over; user and password are in ``environ``. None where no mail server
        is configured."""
        from aggregator.notify.mail import SmtpMailer

        if not self.config.notify.smtp:
            return None
        return SmtpMailer(
            self.config.notify.smtp,
            user=environ.get("AGG_SMTP_USER", ""),
            password=environ.get("AGG_SMTP_PASSWORD", ""),
        )

    def postman(self, environ: Mapping[str, str]) -> Postman:
        """What sends issues by mail. A server of its own has a user and password of its own in
        ``environ``; the digest's has the digest's. Without a server it takes nothing anywhere."""
        from aggregator.notify.mail import SmtpMailer
        from aggregator.services.publishing.mailing import Postman

        own = self.config.series.mail.smtp
        server, name = (own, "MAIL") if own else (self.config.notify.smtp, "SMTP")
        user, password = (environ.get(f"AGG_{name}_{key}", "") for key in ("USER", "PASSWORD"))
        return Postman(
            desk=self.desk,
            maker=self.letters,
            carrier=SmtpMailer(server, user=user, password=password) if server else None,
        )

    def poster(self, fetcher: Fetcher, environ: Mapping[str, str]) -> Poster | None:
        """What posts to the webhook through ``fetcher``, with the token in ``environ``. None where
        no webhook is configured."""
        from aggregator.notify.webhook import Webhook

        if not self.config.notify.webhook:
            return None
        token = environ.get("AGG_WEBHOOK_TOKEN", "")
        return Webhook(fetcher, self.config.notify.webhook, token=token)

    def pinger(self) -> Pinger | None:
        """What tells the hub which feeds have changed, for one event loop; the caller closes it. None
        where no hub is configured. A private hub must be named in ``allow_private``, as a feed."""
        from aggregator.notify.hub import WebSubHub
        from aggregator.services.publishing.pinging import Pinger

        url = self.config.publish.hub
        if not url:
            return None
        # A hub is made for feeds that change together: no pause between the words about them.
        fetcher = self._remembering(self._fetcher(allow_all=False, spacing=0.0))
        return Pinger(store=self.store, clock=self.clock, hub=WebSubHub(fetcher, url))

    def dispatcher(self, *, prepares: bool = False) -> Dispatcher:
        """The queue of jobs. Its tables are there, or are made and brought up to date by who
        ``prepares``. Raises UsageError where no queue is configured, DispatchError, SchemaMismatch."""
        from aggregator.dispatch.opening import open_queue

        return open_queue(self.config.dispatch, self.config.database_url, prepares=prepares)

    def close(self) -> None:
        """Give back what was opened."""
        if "store" in self.__dict__:
            self.store.close()


def open_app(
    config: Path, *, now: datetime | None, environ: Mapping[str, str], running: bool = False
) -> App:
    """Read the configuration and wire the program.

    ``now`` fixes the clock, or starts a running one there. Raises ConfigError.
    """
    loaded = load_config(config, environ)
    clock: Clock = SystemClock()
    if now is not None:
        clock = ShiftedClock.starting_at(now) if running else FixedClock(now)
    return App(loaded, clock, environ)
