"""The hostile internet: one process, an address of 127.40.0.0/16 for each fault, and canaries.

``python -m tests.faults.server --cast tests.faults.table --folder DIR`` serves ``FAULTS`` of that
module, prints one JSON line with ports and addresses when it is ready, notes every request in
``DIR/requests.jsonl`` and every touch of a canary in ``DIR/canary.jsonl``, and ends when its
standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import functools
import importlib
import json
import random
import ssl
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.fault import Door, Fault
from tests.faults.papers import Authority
from tests.faults.wire import Exchange, Log, Place

FIRST_NETWORK = "127.40"
"""Where faults stand. Nothing else of the loopback is allowed to feeds."""

CANARIES = ("127.0.0.1", "127.99.0.1", "::1")
PER_NETWORK = 200
BACKLOG = 64
ATTEMPTS = 50
LONGEST_HEAD = 64 * 1024
PORTS = range(20_000, 60_000)


def address_of(index: int) -> str:
    """The address of the fault at this place of its table."""
    return f"{FIRST_NETWORK}.{index // PER_NETWORK}.{index % PER_NETWORK + 1}"


@dataclass(slots=True, kw_only=True)
class Servers:
    """What listens."""

    faults: Sequence[Fault]
    folder: Path
    place: Place
    log: Log
    running: list[asyncio.Server]

    async def open(self) -> None:
        """Listen everywhere. Raises OSError where a port is taken somewhere."""
        authority = Authority(self.folder)
        for fault in self.faults:
            address = self.place.addresses[fault.name]
            serve = functools.partial(self._serve, fault)
            if fault.door is Door.HTTP:
                await self._listen(serve, address, self.place.http)
            elif fault.door is Door.HTTPS:
                context = authority.context(fault.papers, address)
                await self._listen(serve, address, self.place.https, context)
        for address in CANARIES:
            for port in (self.place.http, self.place.https, self.place.canary):
                with contextlib.suppress(OSError) if ":" in address else contextlib.nullcontext():
                    await self._listen(self._sing, address, port)
        # The canary's port is open on a fault's own address too: the port alone is forbidden.
        await self._listen(self._sing, self.place.addresses[self.faults[0].name], self.place.canary)

    async def close(self) -> None:
        """Listen no more."""
        for server in self.running:
            server.close()
        self.running.clear()

    async def _listen(
        self,
        serve: functools.partial[object] | object,
        address: str,
        port: int,
        context: ssl.SSLContext | None = None,
    ) -> None:
        server = await asyncio.start_server(
            serve,  # type: ignore[arg-type]
            address,
            port,
            ssl=context,
            backlog=BACKLOG,
            reuse_address=True,
        )
        self.running.append(server)

    async def _serve(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        began = time.monotonic()
        try:
            with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
                exchange = await self._read(fault, reader, writer, began)
                if exchange is None:
                    return
                try:
                    await fault.serve(exchange)
                finally:
                    self.log.note(fault.name, exchange)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _read(
        self,
        fault: Fault,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        began: float,
    ) -> Exchange | None:
        """The request, or what stands for it where nothing is read first."""
        host = self.place.addresses[fault.name]
        method, path, headers, sent = "", "", dict[str, str](), b""
        if not fault.raw:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            began = time.monotonic()
            method, path, _ = head[0].split(" ", 2)
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            sent = await reader.readexactly(int(headers.get("content-length", "0")))
        return Exchange(
            host=host,
            method=method,
            path=path,
            headers=headers,
            sent=sent,
            turn=self.log.next_turn(host, path),
            place=self.place,
            reader=reader,
            writer=writer,
            began=began,
        )

    async def _sing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody came who must not."""
        where = writer.get_extra_info("sockname")
        asked = b""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                asked = await reader.read(2000)
        with (self.folder / "canary.jsonl").open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"where": list(where[:2]), "asked": asked.decode("latin-1")}) + "\n"
            )
        with contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
            await writer.drain()
        writer.close()


async def open_servers(faults: Sequence[Fault], folder: Path, log: Log) -> Servers:
    """Servers on ports that are free on all their addresses."""
    addresses = {fault.name: address_of(index) for index, fault in enumerate(faults)}
    dice = random.Random()  # noqa: S311 - any ports will do
    for attempt in range(1, ATTEMPTS + 1):
        http, https, canary = dice.sample(PORTS, 3)
        place = Place(http=http, https=https, canary=canary, addresses=addresses)
        servers = Servers(faults=faults, folder=folder, place=place, log=log, running=[])
        try:
            await servers.open()
        except OSError as error:
            await servers.close()
            if error.errno != errno.EADDRINUSE or attempt == ATTEMPTS:
                raise
        else:
            return servers
    raise AssertionError("the last attempt returns or raises")


async def serve_until_told(faults: Sequence[Fault], folder: Path) -> None:
    """Serve until standard input ends."""
    with (folder / "requests.jsonl").open("a", encoding="utf-8") as file:
        servers = await open_servers(faults, folder, Log(file))
        print(json.dumps(asdict(servers.place)), flush=True)  # noqa: T201 - who started it waits
        # Not to_thread: a thread that reads for ever would keep the process from ending.
        told = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(told), sys.stdin
        )
        await told.read()
        await servers.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()


def main() -> None:
    """Serve what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cast", default="tests.faults.table")
    parser.add_argument("--folder", type=Path, required=True)
    told = parser.parse_args()
    faults: tuple[Fault, ...] = importlib.import_module(told.cast).FAULTS
    asyncio.run(serve_until_told(faults, told.folder))


if __name__ == "__main__":
    main()
