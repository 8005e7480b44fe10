"""Korean words stay whole at the ends of lines, on pages and in mails alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.domain.publishing import Planet
from aggregator.publish.joints import MAIL_JOINT, keep_particles
from aggregator.publish.site import assets
from tests.fixtures.browser import measured, needs_browser
from tests.fixtures.rendering import render_site

PROBE = """<!doctype html><meta charset="utf-8"><pre id="result"></pre>
<link rel="stylesheet" href="site.css">
<p style="width:0;overflow-wrap:normal" lang="ko">TEXT</p>
<script>
addEventListener("load", () => {
  const one = document.querySelector("p");
  const lines = Math.round(one.clientHeight / parseFloat(getComputedStyle(one).lineHeight));
  document.getElementById("result").textContent = lines;
});
</script>"""


@pytest.mark.parametrize("mark", ["’", "”", ")", "」", "%", "℃", ")’", "&#39;", "&gt;"])
def test_a_particle_stays_with_what_is_closed(mark: str) -> None:
    """The mark and the syllable behind it are one piece; no character is added."""
    assert f'가<span class="joint">{mark}을</span>' == keep_particles(f"가{mark}을")


@pytest.mark.parametrize("text", ["가 을", "가) 을", "선정…국비", "가·나", "1/2을", "AI를"])
def test_other_places_may_end_a_line(text: str) -> None:
    """Nothing is held together that a line may part, or that browsers keep anyway."""
    assert text == keep_particles(text)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/(가)나" title="(가)나">',
        '<script type="application/ld+json">"(가)나"</script>',
        "<title>(가)나</title>",
        "<style>/* (가)나 */</style>",
        "<!-- (가)나 -->",
    ],
)
def test_what_is_no_text_is_left_alone(html: str) -> None:
    """Addresses and names in attributes, data and titles are what they were."""
    assert html == keep_particles(html)


def test_pages_and_mails_keep_particles_and_nothing_else_is_touched(planet: Planet) -> None:
    """A headline's particle is kept on its line in HTML; feeds, JSON, Markdown and text have it plain."""
    issue = planet.issues[-1]
    edition = issue.editions[0]
    section = edition.sections[0]
    headline = replace(section.items[0].headline, text="‘타운홀 미팅’을 연다")
    section = replace(section, items=(replace(section.items[0], headline=headline),))
    edition = replace(edition, sections=(section,))
    planet = replace(planet, issues=(replace(issue, editions=(edition,)),))
    made = {one.path: one.body.decode() for one in render_site(planet)}
    folder = f"issues/{issue.number}"
    assert '미팅<span class="joint">’을</span> 연다' in made[f"{folder}/index.html"]
    assert f"미팅{MAIL_JOINT}’을</span> 연다" in made[f"{folder}/mail.html"]
    plain = ("issue.md", "issue.ninjs.json", "mail.txt")
    assert all("미팅’을 연다" in made[f"{folder}/{name}"] for name in plain)
    assert "미팅’을 연다" in made["issues.atom"]


@pytest.mark.long
@needs_browser
@pytest.mark.parametrize(
    ("text", "lines"), [("가나’을", 2), (keep_particles("가나’을를"), 1)], ids=["torn", "kept"]
)
def test_a_browser_breaks_no_line_before_a_particle(tmp_path: Path, text: str, lines: int) -> None:
    """However narrow the line, the word stays on it; without help it does not."""
    sheet = next(one for one in assets() if one.path == "assets/site.css")
    (tmp_path / "site.css").write_bytes(sheet.body)
    assert [str(lines)] == measured(tmp_path, PROBE.replace("TEXT", text))
