"""Dashboard and alerts ask for metrics that there are, in queries that Prometheus takes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.checkers import FOLDER as CHECKERS
from tests.fixtures.checkers import script

ROOT = Path(__file__).parents[2]
METRICS = ROOT / "docs/metrics.md"
RUNBOOK = ROOT / "docs/runbook.md"
BY_GRAFANA = {"$__rate_interval": "5m", "$job": "aggregator"}
DERIVED = re.compile(r"_(bucket|sum|count)$")


def _dashboard() -> dict[str, Any]:
    text = (ROOT / "deploy/grafana/dashboard.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _rules() -> list[dict[str, Any]]:
    text = (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def _queries() -> list[str]:
    asked = [
        target["expr"] for panel in _dashboard()["panels"] for target in panel.get("targets", ())
    ]
    asked += [rule["expr"] for rule in _rules()]
    for name, value in BY_GRAFANA.items():
        asked = [query.replace(name, value) for query in asked]
    return asked


@pytest.mark.skipif(not METRICS.is_file(), reason="docs/metrics.md is not there yet")
def test_each_metric_is_documented() -> None:
    """Under its name, a histogram under that without its ending."""
    known = set(
        re.findall(r"`((?:aggregator|process)_[a-z_]+)`", METRICS.read_text(encoding="utf-8"))
    )
    asked = set(re.findall(r"\b(?:aggregator|process)_[a-z_]+", " ".join(_queries())))
    assert asked
    assert set() == {
        name for name in asked if name not in known and DERIVED.sub("", name) not in known
    }


@pytest.mark.skipif(
    not (CHECKERS / "node_modules/@prometheus-io/lezer-promql").is_dir()
    and os.environ.get("AGG_REQUIRE") != "all",
    reason="what `npm install` puts into tests/checkers is not there",
)
def test_prometheus_takes_each_query(tmp_path: Path) -> None:
    """By its own grammar, which finds a query that is none."""
    broken = "sum by (le (up)"
    assert {"faults": [broken]} == script("promql", {"queries": [*_queries(), broken]}, tmp_path)


def test_panels_do_not_overlap() -> None:
    """Each has its place, its own number, and asks the data source that was chosen."""
    panels = _dashboard()["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells
        for target in panel.get("targets", ()):
            assert "${datasource}" == target["datasource"]["uid"]
    assert len(panels) == len({panel["id"] for panel in panels})


def test_each_alert_leads_to_what_to_do() -> None:
    """A heading of the runbook."""
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-")
        for line in re.findall(r"(?m)^#+ (.*)$", RUNBOOK.read_text(encoding="utf-8"))
    }
    for rule in _rules():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert "docs/runbook.md" == file
        assert anchor in headings
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["for"]
