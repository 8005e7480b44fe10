"""A feed in a real browser, as the program serves it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.publish.sink import FileSink
from aggregator.web.app import SecurityHeaders
from aggregator.web.public_files import PublicFiles
from tests.fixtures.browser import CHROMIUM, needs_browser
from tests.fixtures.planets import make_planet
from tests.fixtures.rendering import render_site
from tests.fixtures.serving import served


class Asked:
    """Notes which paths are asked for."""

    def __init__(self, app: ASGIApp, paths: list[str]) -> None:
        self._app, self._paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        self._paths.append(scope["path"])
        await self._app(scope, receive, send)


@pytest.mark.long
@needs_browser
@pytest.mark.parametrize("path", ["feed.atom", "issues.rss"])
def test_chromium_shows_a_feed_by_its_style_sheet(path: str, tmp_path: Path) -> None:
    """Not as plain text, under the policy that every answer has."""
    assert CHROMIUM is not None
    planet, asked = make_planet(), list[str]()
    FileSink(tmp_path / "public").write(render_site(planet))
    app = Starlette(
        routes=[Mount("/", PublicFiles(tmp_path / "public", lambda: planet.options))],
        middleware=[Middleware(SecurityHeaders), Middleware(Asked, asked)],
    )
    with served(app) as port:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        shown = subprocess.run(
            [
                CHROMIUM,
                *options,
                f"--user-data-dir={tmp_path / 'profile'}",
                "--dump-dom",
                f"http://127.0.0.1:{port}/{path}",
            ],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout

    assert "<pre" not in shown
    assert shown.lstrip().startswith(("<?xml", "<feed", "<rss"))
    assert any(name.endswith(".css") for name in asked)
