"""The files below ``public/`` over HTTP: found, kept in bounded memory, and sent."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BufferedReader
from pathlib import Path
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from aggregator.calendar.clocks import SystemClock
from aggregator.domain.publishing import PublishOptions
from aggregator.web.conditions import Coding, choose_coding, has_copy, wants_page
from aggregator.web.file_kinds import FileKind, headers_of, kind_of
from aggregator.web.public_paths import PublicPath, is_public, read_path

KEPT = 2 * 1024 * 1024
"""Bytes of a file that is kept in memory and may be compressed; larger ones are sent in pieces."""

ROOM = 32 * 1024 * 1024
"""Bytes of all that is kept in memory, compressed copies included."""

ENTRIES = 4096
MISSING_PAGE = "404.html"
METHODS = ("GET", "HEAD", "OPTIONS")
_PIECE = 64 * 1024
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe must not hold anybody up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOW = SystemClock().now
_State = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file holds: a digest of its bytes, and for small ones the bytes, those of a text also
    packed."""

    digest: str
    plain: bytes = b""
    packed: bytes = b""

    def etag(self, coding: Coding, *, as_page: bool = False) -> str:
        """The strong tag of the bytes in this coding and under this type (RFC 9110 section 8.8.1)."""
        marks = ("-xml" if as_page else "", "-gz" if coding is Coding.GZIP else "")
        return f'"{self.digest}{"".join(marks)}"'


class Contents:
    """Contents by the state of their files, the latest used kept, within ``ROOM``."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[_State, Content] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def of(self, file: BufferedReader, state: os.stat_result, *, text: bool = True) -> Content:
        """The content of an open file, a text or not, read where it is not known in this state.
        Raises OSError."""
        key = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        made = _read(file, state.st_size, text=text)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += _weight(made)
            while len(self._kept) > ENTRIES or self._size > self._room:
                _, gone = self._kept.popitem(last=False)
                self._size -= _weight(gone)
        return made

    @property
    def size(self) -> int:
        """Bytes that are kept now."""
        return self._size


def _weight(content: Content) -> int:
    return len(content.plain) + len(content.packed)


def _read(file: BufferedReader, size: int, *, text: bool) -> Content:
    if size > KEPT:
        return Content(digest=hashlib.file_digest(file, "sha256").hexdigest()[:32])
    plain = file.read(size)
    return Content(
        digest=hashlib.sha256(plain).hexdigest()[:32],
        plain=plain,
        packed=_packed(plain) if text else b"",
    )


def _packed(plain: bytes) -> bytes:
    # Without a time in it, so that the same bytes are the same in each process.
    return gzip.compress(plain, mtime=0)


class PublicFiles:
    """The ASGI application of the folder ``root``. Nothing hidden, nothing outside and no list of
    a folder is ever served; ``options`` gives the present base address and hub, ``now`` the time."""

    def __init__(
        self,
        root: Path,
        options: Callable[[], PublishOptions],
        now: Callable[[], datetime] = _NOW,
    ) -> None:
        self._root = root
        self._options = options
        self._contents = Contents()
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        response = await run_in_threadpool(self._answer, Request(scope))
        await response(scope, receive, send)

    def missing(self, request: Request) -> Response:
        """The site's own page for what is not there, under 404."""
        headers = {"Cache-Control": "no-cache"}
        page = PublicPath(parts=(MISSING_PAGE,), folder=False)
        try:
            with self._open(page) as file:
                body = file.read(KEPT)
        except OSError:
            return PlainTextResponse("not found\n", status_code=404, headers=headers)
        headers["Content-Length"] = str(len(body))
        shown = b"" if request.method == "HEAD" else body
        return Response(shown, 404, headers, "text/html; charset=utf-8")

    def _answer(self, request: Request) -> Response:
        scope = request.scope
        below = scope["path"][len(scope.get("root_path", "")) :]
        path = read_path(below, scope.get("raw_path"))
        if request.method == "OPTIONS":
            return _options_of(path)
        if request.method not in METHODS:
            return PlainTextResponse(
                "only GET and HEAD\n", status_code=405, headers={"Allow": ", ".join(METHODS)}
            )
        if path is None:
            return self.missing(request)
        try:
            file = self._open(path)
        except IsADirectoryError:
            return self.missing(request) if path.folder else self._to_folder(path, request)
        except OSError:
            return self.missing(request)
        return self._file(path.file, file, request)

    def _to_folder(self, path: PublicPath, request: Request) -> Response:
        """Lead to the page of a folder that has one; others are not there."""
        try:
            self._open(path.page).close()
        except OSError:
            return self.missing(request)
        headers = {"Location": path.to_folder, "Cache-Control": "public, max-age=60"}
        return Response(status_code=301, headers=headers)

    def _open(self, path: PublicPath) -> BufferedReader:
        """The regular file that is meant, open. Raises IsADirectoryError for a folder, OSError for
        what is not there or lies, by a link, outside the root or where nothing is served."""
        root = os.path.realpath(self._root)
        real = Path(os.path.realpath(Path(root, *path.file.split("/"))))
        if not real.is_relative_to(root) or not all(map(is_public, real.relative_to(root).parts)):
            raise FileNotFoundError(path.file)
        handle = os.open(real, _OPEN)
        try:
            mode = os.fstat(handle).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(path.file)
            if not stat.S_ISREG(mode):
                raise FileNotFoundError(path.file)
            return os.fdopen(handle, "rb")
        except OSError:
            os.close(handle)
            raise

    def _file(self, path: str, file: BufferedReader, request: Request) -> Response:
        """The answer about an open file, which is closed with it."""
        kind = kind_of(path)
        headers = headers_of(kind, path, self._options())
        asked = _asked(request)
        plain_type = kind.media_type.partition(";")[0]
        as_page = bool(kind.page_type) and wants_page(asked.get("accept"), plain_type)
        try:
            state = os.fstat(file.fileno())
            content = self._contents.of(file, state, text=kind.text)
            coding = _coding(kind, content, asked.get("accept-encoding"))
            if coding is None:
                file.close()
                text = "neither gzip nor the plain bytes are wanted\n"
                refused = {"Vary": "Accept-Encoding", **headers, "Cache-Control": "no-store"}
                return PlainTextResponse(text, 406, refused)
            headers["ETag"] = etag = content.etag(coding, as_page=as_page)
            wanted = asked.get("if-none-match"), asked.get("if-modified-since")
            # Never later than Date (RFC 9110 section 8.8.2.1), which the server writes once a second.
            modified = min(int(state.st_mtime), int(self._now().timestamp()) - 1)
            if has_copy(*wanted, etag=etag, at=modified):
                file.close()
                return Response(status_code=304, headers=headers)
            headers["Last-Modified"] = _http_date(modified)
            headers["Accept-Ranges"] = "none"
            headers["Content-Type"] = kind.shown(as_page=as_page)
            return _full(content, coding, _Open(file, state.st_size), headers)
        except OSError:
            file.close()
            return PlainTextResponse("temporarily unavailable\n", status_code=503)


@dataclass(frozen=True, slots=True)
class _Open:
    """An open file and the length it had when it was opened."""

    file: BufferedReader
    size: int


def _full(content: Content, coding: Coding, opened: _Open, headers: Mapping[str, str]) -> Response:
    """The whole file, from memory where it is there, else from the handle."""
    sent = dict(headers)
    if opened.size > KEPT:
        opened.file.seek(0)
        return _Pieces(opened, sent)
    opened.file.close()
    body = content.plain
    if coding is Coding.GZIP:
        # A picture is packed for who refuses it plain, and then only.
        body = content.packed or _packed(body)
        sent["Content-Encoding"] = coding.value
    return _Whole(body, headers=sent)


class _Whole(Response):
    """Bytes, left out where only the headers are asked for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if scope["method"] == "HEAD":
            self.body = b""
        await super().__call__(scope, receive, send)


class _Pieces(Response):
    """A large file in pieces, of the one handle that its length and tag were taken from: what takes
    its place meanwhile is another file."""

    def __init__(self, opened: _Open, headers: Mapping[str, str]) -> None:
        self._opened = opened
        super().__init__(None, 200, {**headers, "Content-Length": str(opened.size)})

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Send it, never more than was promised, and close the file."""
        file, left = self._opened.file, self._opened.size
        with file:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while left and scope["method"] != "HEAD":
                piece = await run_in_threadpool(file.read, min(_PIECE, left))
                if not piece:
                    break  # cut short by somebody else: the server ends the connection
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def _coding(kind: FileKind, content: Content, accepted: str | None) -> Coding | None:
    """The coding for this asker; large files are there plain alone."""
    smaller = kind.text and len(content.packed) < len(content.plain)
    coding = choose_coding(accepted, compressed=smaller)
    if coding is Coding.GZIP and not (content.packed or content.plain):
        return choose_coding(f"{accepted}, gzip;q=0, x-gzip;q=0", compressed=False)
    return coding


def _asked(request: Request) -> dict[str, str]:
    """Headers by name, several of one name as the list that they are."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _options_of(path: PublicPath | None) -> Response:
    """What may be asked; scripts of other pages may ask with conditions where they may read."""
    headers = {"Allow": ", ".join(METHODS)}
    if path is not None and kind_of(path.file).shared:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since, Cache-Control"
        headers["Access-Control-Max-Age"] = "86400"
    return Response(status_code=204, headers=headers)


def _http_date(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)
