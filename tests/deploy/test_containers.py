"""The files for containers: what a linter, the Compose Specification's schema and a proxy say of them. No
container is started here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.fixtures.checkers import FOLDER as CHECKERS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "Dockerfile"
SCHEMA = Path(__file__).with_name("compose-spec") / "compose-spec.json"
LINTER = CHECKERS / "node_modules/dockerfile-utils/bin/dockerfile-utils"
NODE = shutil.which("node")
CADDY = shutil.which("caddy")
IS_REQUIRED = os.environ.get("AGG_REQUIRE") == "all"


def _compose() -> dict[str, Any]:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


COMPOSE = _compose()
SERVICES = sorted(COMPOSE["services"])


@pytest.mark.skipif(
    not (NODE and LINTER.is_file()) and not IS_REQUIRED,
    reason="what `npm install` puts into tests/checkers is not there",
)
def test_the_linter_finds_nothing(tmp_path: Path) -> None:
    """In the Dockerfile."""
    assert NODE
    done = subprocess.run(
        [NODE, str(LINTER), "lint", str(DOCKERFILE)],
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stdout + done.stderr)


def test_the_image_has_no_tools_and_no_root() -> None:
    """The last stage installs no package, runs as a number, and is told to end by SIGTERM."""
    last = DOCKERFILE.read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    assert not re.search(r"apt-get|gcc|git |pip.*\binstall\b", last)
    assert re.search(r"(?m)^USER [1-9][0-9]*:[1-9][0-9]*$", last)
    assert re.search(r"(?m)^STOPSIGNAL SIGTERM$", last)


def test_nothing_gets_into_the_build_but_what_is_copied() -> None:
    """State and secrets lie beside the sources."""
    kept = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    build = DOCKERFILE.read_text(encoding="utf-8").rpartition("\nFROM ")[0]
    copied = re.findall(r"(?m)^COPY (.*) \S+$", build)
    assert kept == {name for line in copied for name in line.split()}
    assert all((ROOT / name).exists() for name in kept)


def test_compose_is_what_its_specification_says() -> None:
    """No key is misspelled, none stands where it means nothing."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [] == [
        f"{error.json_path}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(COMPOSE)
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_shut_in(name: str) -> None:
    """Read-only, without capabilities, bounded, started again, its image pinned by version."""
    service = COMPOSE["services"][name]
    assert (True, ["ALL"], ["no-new-privileges:true"], "unless-stopped") == (
        service["read_only"],
        service["cap_drop"],
        service["security_opt"],
        service["restart"],
    )
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["healthcheck"]
    assert not re.search(r":latest$|^[^:]*$", service["image"])
    assert not re.search(
        r"PASSWORD(?!_FILE)|TOKEN|AGG_DATABASE", json.dumps(service["environment"])
    )


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_names_is_there(name: str) -> None:
    """Networks, volumes and secrets, which the schema does not follow."""
    service = COMPOSE["services"][name]
    volumes = {
        source
        for source in (volume.partition(":")[0] for volume in service["volumes"])
        if not source.startswith(".")
    }
    assert volumes <= set(COMPOSE["volumes"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert set(service.get("depends_on", [])) <= set(SERVICES)


def test_only_the_proxy_is_reached_from_outside() -> None:
    """Neither the database nor web has a port of the machine, or a way out."""
    assert ["proxy"] == [name for name in SERVICES if "ports" in COMPOSE["services"][name]]
    assert COMPOSE["networks"]["inside"]["internal"]
    for name in ("database", "web"):
        assert ["inside"] == COMPOSE["services"][name]["networks"]


@pytest.mark.skipif(CADDY is None and not IS_REQUIRED, reason="caddy is not installed")
def test_the_proxy_takes_its_file(tmp_path: Path) -> None:
    """With an address, as the compose file wants it."""
    assert CADDY
    done = subprocess.run(
        [
            CADDY,
            "validate",
            "--adapter",
            "caddyfile",
            "--config",
            str(DEPLOY / "compose-Caddyfile"),
        ],
        env={"HOME": str(tmp_path), "SITE_ADDRESS": "https://news.example"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
