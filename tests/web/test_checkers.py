"""Every kind of page as it is served, under the Nu Html Checker and axe-core; the mail without
styles and pictures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator.bootstrap import open_app
from aggregator.domain.health import Health
from aggregator.web.app import make_web_app
from tests.fixtures.all_states import NOW, feed_name, fill, write_all
from tests.fixtures.checkers import WIDTHS, needs_checkers, nu, script
from tests.fixtures.serving import served

pytestmark = [pytest.mark.long, needs_checkers]

ROOT = Path(__file__).parents[2]
BASE = "https://newsletter.example"
PAGES = (
    "/",
    "/en/",
    "/sections/trend/",
    "/bodies/molit/",
    "/en/bodies/gyeonggi/",
    "/issues/",
    "/issues/en/",
    "/issues/48/",
    "/issues/48/en/",
    "/404.html",
)
MAILS = ("/issues/48/mail.html", "/issues/48/en/mail.html")
STATUS = ("/status", "/status?lang=en&show=hosts", f"/status/{feed_name(1)}?lang=en")

LEFT_TO_MAIL_PROGRAMS = {"landmark-one-main", "region"}
"""A mail is shown within the page of a mail program, which has the landmarks: a second ``main`` in it
would be wrong there."""

DATA_IS_NO_SCRIPT = "Inline script violates Content Security Policy"
"""The checker takes a block of JSON-LD for a script. Browsers decide the type first, and leave data alone
(HTML, "prepare the script element"); the console of the browser below would tell."""


@dataclass(frozen=True)
class Site:
    """Where the pages are served, and a folder for what a browser remembers."""

    address: str
    home: Path

    def job(self, pages: tuple[str, ...]) -> dict[str, object]:
        """What a script is asked: these pages at the site's public address, which is led here."""
        asked = [BASE + page for page in pages]
        return {"pages": asked, "base": BASE, "served": self.address, "widths": WIDTHS}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What the demo leaves, served by a program with a feed in each state."""
    folder = tmp_path_factory.mktemp("checked")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("AGG_")}
    subprocess.run(
        [sys.executable, "-m", "aggregator", "demo", "--once"],
        cwd=folder,
        env=environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=180,
        check=True,
    )
    app = open_app(write_all(tmp_path_factory.mktemp("states")), now=NOW, environ={})
    fill(app, len(Health))
    shutil.copytree(folder / "var/demo/public", app.public, dirs_exist_ok=True)
    with served(make_web_app(lambda: app)) as port:
        yield Site(f"http://127.0.0.1:{port}", folder)
    app.close()


def test_the_nu_html_checker_has_nothing_to_say(site: Site) -> None:
    """No error and no warning, of pages, mails and the status pages."""
    said = nu([site.address + page for page in (*PAGES, *MAILS, *STATUS)])
    assert [] == [line for line in said if DATA_IS_NO_SCRIPT not in line]


def test_axe_finds_no_violation(site: Site) -> None:
    """WCAG 2.2 A and AA and axe's best practice, on a phone and a desk, light and dark; and no page
    asks for what its policy refuses."""
    pages = (*PAGES, *MAILS, *STATUS)
    found = script("axe", site.job(pages), site.home)
    assert len(pages) * len(WIDTHS) * 2 == found["runs"]
    assert [] == [
        fault
        for fault in found["faults"]
        if not (fault["page"].endswith("mail.html") and fault["rule"] in LEFT_TO_MAIL_PROGRAMS)
    ]


def test_a_mail_stands_without_styles_and_pictures(site: Site) -> None:
    """Whoever throws both away reads the same lines in the same order, behind the sentence that mail
    programs show beside the subject; and the words of the two pictures in their place."""
    for text in script("texts", site.job(MAILS), site.home):
        shown, (_, *bare) = (_lines(text[name]) for name in ("shown", "bare"))
        assert len(shown) > 40
        assert shown == [line for line in bare if line in shown]
        assert 2 == len([line for line in bare if line not in shown])
        assert 375 == text["wide"]


def _lines(text: str) -> list[str]:
    """The lines that hold something, without the dots of lists."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
