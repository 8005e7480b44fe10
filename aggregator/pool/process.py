"""The reader that reads in child processes of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aggregator.domain.errors import ReaderKilled
from aggregator.observe import get_logger
from aggregator.pool.children import Child, ChildGone, Template
from aggregator.pool.limits import Limits
from aggregator.pool.wire import BadReply, Failure, error_of, size_of
from aggregator.ports.reading import Document, Inspected

log = get_logger(__name__)

_STARTING = 30.0
"""Seconds in which a child must have been born: the first one waits for imports."""

_DEFAULT_LIMITS = Limits()


class ProcessReader:
    """A DocumentReader whose documents are read in child processes, each within ``limits``.

    ``handler`` is ``module:function``; in a process that imports nothing else the function is called
    with ``arguments`` (plain data) and returns what reads a Document. Processes start with the first
    document, and again when one is read after ``aclose``. One event loop at a time may use a
    reader; it may outlive a loop. ``restarts`` counts children that were replaced: killed, dead, or
    grown.
    """

    def __init__(
        self, handler: str, arguments: Sequence[object] = (), limits: Limits = _DEFAULT_LIMITS
    ) -> None:
        self.restarts = 0
        self._handler = handler
        self._arguments = arguments
        self._limits = limits
        self._template: Template | None = None
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = asyncio.Semaphore(limits.children)
        self._large_turn = asyncio.Lock()

    async def read(self, document: Document) -> Inspected:
        """The document as items, when a child is free for it.

        Raises ReadError, ReaderKilled among them; see the port. A cancelled read kills its child.
        """
        self._enter_loop()
        if size_of(document) > self._limits.large:
            async with self._large_turn, self._turns:
                return await self._read(document)
        async with self._turns:
            return await self._read(document)

    async def aclose(self) -> None:
        """End all processes; what is being read ends with ReaderKilled."""
        for child in self._idle:
            child.end()
        self._idle.clear()
        for child in self._busy:
            child.cut_off()
        template, self._template = self._template, None
        if template is not None:
            await template.stop()

    def _enter_loop(self) -> None:
        """Locks belong to the loop that first waited for them; a later loop gets new ones."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            self._turns = asyncio.Semaphore(self._limits.children)
            self._large_turn = asyncio.Lock()

    async def _read(self, document: Document) -> Inspected:
        child = self._child()
        self._busy.add(child)
        is_well = False
        try:
            answer = await self._answer(child, document)
            is_well = not child.ends
        finally:
            self._busy.discard(child)
            if is_well:
                self._idle.append(child)
            else:
                self.restarts += 1
                child.end()
        if isinstance(answer, Failure):
            if answer.trace:
                log.error(
                    "reading_broke_down",
                    feed_id=document.feed.id,
                    url=document.url,
                    exception=answer.trace,
                )
            raise error_of(answer)
        return answer

    def _child(self) -> Child:
        """A child that reads nothing, or a new one. Raises ReaderKilled."""
        while self._idle:
            child = self._idle.pop()
            if child.is_idle:
                return child
            # It died while nothing was asked of it: no fault of the next document.
            child.end()
            self.restarts += 1
        try:
            if self._template is None or not self._template.is_alive:
                self._forget_template()
                self._template = Template(self._handler, self._arguments, self._limits)
            return self._template.fork()
        except OSError as error:
            self._forget_template()
            raise ReaderKilled(f"no process can be started that reads: {error}") from error

    def _forget_template(self) -> None:
        if self._template is not None:
            self._template.kill()
            self._template = None

    async def _answer(self, child: Child, document: Document) -> Inspected | Failure:
        seconds = self._limits.seconds
        is_born = False
        try:
            async with asyncio.timeout(_STARTING):
                await child.be_ready()
            is_born = True
            async with asyncio.timeout(seconds):
                return await child.ask(document)
        except TimeoutError as error:
            told = (
                f"reading the document took longer than {seconds:g} seconds and was ended"
                if is_born
                else f"no process that reads came up within {_STARTING:g} seconds"
            )
            raise ReaderKilled(told) from error
        except ChildGone as error:
            cause = await child.cause()
            told = (
                f"reading the document ended its process ({cause})"
                if is_born
                else f"no process can be started that reads (it ended {cause})"
            )
            raise ReaderKilled(told) from error
        except BadReply as error:
            raise ReaderKilled(
                "the process that read the document answered what no reader says, and was ended"
            ) from error
