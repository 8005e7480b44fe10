"""The pages in a real browser: none is wider than a phone, and the contents follow the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.domain.publishing import Planet
from aggregator.publish.sink import FileSink
from tests.fixtures.browser import measured, needs_browser, phone_widths
from tests.fixtures.rendering import render_site

PATHS = ("index.html", "en/index.html", "issues/48/index.html", "issues/48/en/index.html")
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

FEED = """<!doctype html><meta charset="utf-8"><pre id="result"></pre>
<iframe src="PATH" style="border:0;width:640px;height:500px"></iframe>
<script>
addEventListener("load", () => {
  const view = document.querySelector("iframe").contentWindow;
  const root = view.document.documentElement;
  const shown = (path) => view.getComputedStyle(root.querySelector(path)).display;
  document.getElementById("result").textContent = [
    view.getComputedStyle(root, "::before").content,
    shown("entry > title, item > title"),
    shown("entry > link[rel=alternate], item > link"),
    shown("entry > id, item > guid"),
  ].join("\\n");
});
</script>"""


@pytest.mark.long
@needs_browser
def test_no_page_is_wider_than_a_phone(planet: Planet, tmp_path: Path) -> None:
    """At 375 pixels every page is styled and scrolls in one direction only."""
    FileSink(tmp_path / "public").write(render_site(planet))
    paths = [f"public/{path}" for path in PATHS]
    assert [f"{path} 375 375 800" for path in paths] == phone_widths(tmp_path, *paths)


@pytest.mark.long
@needs_browser
def test_the_contents_follow_the_reader(planet: Planet, tmp_path: Path) -> None:
    """Beside a long issue they stay in view, at 1024 pixels as on wider screens."""
    FileSink(tmp_path / "public").write(render_site(planet))
    assert ["24", "true"] == measured(tmp_path, FOLLOWING)


@pytest.mark.long
@needs_browser
@pytest.mark.parametrize(
    "name", ["feed.atom", "feed.rss", "en/issues.atom", "archive/2024-02.atom"]
)
def test_a_feed_is_readable_in_a_browser(planet: Planet, tmp_path: Path, name: str) -> None:
    """Served as XML, it shows a sentence about feeds, titles and addresses, and hides ids."""
    made = {one.path: one.body for one in render_site(planet)}
    FileSink(tmp_path / "public").write(render_site(planet))
    path = tmp_path / "public" / f"{name}.xml"
    path.write_bytes(made[name])
    sentence, title, link, hidden = measured(tmp_path, FEED.replace("PATH", f"public/{name}.xml"))
    assert ("feed reader" if "en/" in name else "피드 리더") in sentence
    assert ["block", "block", "none"] == [title, link, hidden]


DAYS = """<!doctype html><meta charset="utf-8"><pre id="result"></pre>
<iframe src="PATH" style="border:0;width:640px;height:500px"></iframe>
<script>
addEventListener("load", () => {
  const root = document.querySelector("iframe").contentDocument.documentElement;
  const shown = [...root.querySelectorAll("entry, item")].map((entry) => {
    const days = [...entry.querySelectorAll(":scope > :is(published, updated, pubDate)")];
    const seen = days.filter((day) => day.getClientRects().length);
    return seen.map((day) => {
      const text = document.createRange();
      const edge = day.getBoundingClientRect().right;
      let length = 0;
      for (; length < day.textContent.length; length += 1) {
        text.setStart(day.firstChild, length);
        text.setEnd(day.firstChild, length + 1);
        if (text.getBoundingClientRect().left > edge - 2) break;
      }
      return day.textContent.slice(0, length);
    }).join("|");
  });
  document.getElementById("result").textContent = shown.join("\\n");
});
</script>"""


@pytest.mark.long
@needs_browser
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("feed.atom", r"\d{4}-\d\d-\d\d"),
        ("feed.rss", r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}"),
    ],
)
def test_a_feed_in_a_browser_shows_one_day_of_each_entry(
    planet: Planet, tmp_path: Path, name: str, wanted: str
) -> None:
    """Without the hour, and for an entry without a day of its own that of its last change."""
    made = {one.path: one.body for one in render_site(planet)}
    FileSink(tmp_path / "public").write(render_site(planet))
    (tmp_path / "public" / f"{name}.xml").write_bytes(made[name])
    days = measured(tmp_path, DAYS.replace("PATH", f"public/{name}.xml"))
    assert len(days) == made[name].count(b"</entry>" if name == "feed.atom" else b"</item>")
    shown = [day for day in days if re.fullmatch(wanted, day)]
    assert len(shown) >= len(days) - (name == "feed.rss"), days
