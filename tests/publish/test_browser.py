"""The pages in a real browser: nothing is wider than the screen of a phone."""

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


@pytest.mark.long
@pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("AGG_REQUIRE") != "all",
    reason="no chromium on this machine, so pages cannot be measured",
)
def test_no_page_is_wider_than_a_phone(planet: Planet, tmp_path: Path) -> None:
    """At 375 pixels every page is styled and scrolls in one direction only."""
    assert CHROMIUM is not None
    FileSink(tmp_path / "public").write(SiteRenderer().render(planet))
    frames = "".join(
        f'<iframe title="{path}" src="public/{path}" style="border:0;width:375px;height:800px">'
        "</iframe>"
        for path in PATHS
    )
    probe = tmp_path / "probe.html"
    probe.write_text(PROBE.format(frames=frames), encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            probe.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    result = re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.DOTALL)
    assert result is not None
    rows = html.unescape(result.group(1)).splitlines()
    assert [f"{path} 375 375 800" for path in PATHS] == rows
