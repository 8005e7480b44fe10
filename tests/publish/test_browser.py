"""The pages in a real browser: none is wider than a phone, and the contents follow the reader."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.domain.publishing import Planet
from aggregator.publish.sink import FileSink
from aggregator.publish.site import SiteRenderer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATHS = ("index.html", "en/index.html", "issues/48/index.html", "issues/48/en/index.html")
PROBE = """<!doctype html><meta charset="utf-8"><pre id="result"></pre>
{frames}
<script>
addEventListener("load", () => {{
  const rows = [...document.querySelectorAll("iframe")].map((frame) => {{
    const root = frame.contentDocument.documentElement;
    const styled = frame.contentWindow.getComputedStyle(root.querySelector("h1")).fontWeight;
    return frame.title + " " + root.clientWidth + " " + root.scrollWidth + " " + styled;
  }});
  document.getElementById("result").textContent = rows.join("\\n");
}});
</script>"""
FOLLOWING = """<!doctype html><meta charset="utf-8"><pre id="result"></pre>
<iframe src="public/issues/48/index.html" style="border:0;width:1024px;height:500px"></iframe>
<script>
addEventListener("load", () => {
  const frame = document.querySelector("iframe");
  const contents = frame.contentDocument.querySelector(".contents");
  frame.contentWindow.scrollTo(0, 900);
  const box = contents.getBoundingClientRect();
  document.getElementById("result").textContent = box.top + "\\n" + (box.bottom < 500);
});
</script>"""
needs_browser = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("AGG_REQUIRE") != "all",
    reason="no chromium on this machine, so pages cannot be measured",
)


def measured(folder: Path, probe: str) -> list[str]:
    """The lines that the page ``probe``, put into ``folder``, writes when it has loaded."""
    assert CHROMIUM is not None
    page = folder / "probe.html"
    page.write_text(probe, encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--allow-file-access-from-files",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            page.as_uri(),
        ],
        # Whatever the browser remembers goes into the test's folder, not into anybody's home.
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    result = re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.DOTALL)
    assert result is not None
    return html.unescape(result.group(1)).splitlines()


@pytest.mark.long
@needs_browser
def test_no_page_is_wider_than_a_phone(planet: Planet, tmp_path: Path) -> None:
    """At 375 pixels every page is styled and scrolls in one direction only."""
    FileSink(tmp_path / "public").write(SiteRenderer().render(planet))
    frames = "".join(
        f'<iframe title="{path}" src="public/{path}" style="border:0;width:375px;height:800px">'
        "</iframe>"
        for path in PATHS
    )
    rows = measured(tmp_path, PROBE.format(frames=frames))
    assert [f"{path} 375 375 800" for path in PATHS] == rows


@pytest.mark.long
@needs_browser
def test_the_contents_follow_the_reader(planet: Planet, tmp_path: Path) -> None:
    """Beside a long issue they stay in view, at 1024 pixels as on wider screens."""
    FileSink(tmp_path / "public").write(SiteRenderer().render(planet))
    assert ["24", "true"] == measured(tmp_path, FOLLOWING)
