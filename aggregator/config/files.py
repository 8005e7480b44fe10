"""Files that the configuration names: they must be there when it is read."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from aggregator.config.glossary import check_glossary, load_glossary
from aggregator.config.schema import FileTable
from aggregator.config.values import shown
from aggregator.config.walk import Report
from aggregator.domain.bodies import Body


def check_files(file: FileTable, base: Path, report: Report) -> None:
    """Report each certificate that cannot be read; relative paths are taken from ``base``."""
    for index, feed in enumerate(file.feeds):
        if not feed.certificate:
            continue
        path = ("feeds", index, "certificate")
        place = base / feed.certificate
        if not place.is_file():
            remedy = f"put it there: {place}"
            report(path, f"there is no file {shown(feed.certificate)}", remedy)
        elif not _holds_certificates(place):
            remedy = "a PEM file begins with -----BEGIN CERTIFICATE-----"
            report(path, f"{shown(feed.certificate)} holds no certificate", remedy)


def check_glossaries(
    file: FileTable, base: Path, bodies: Mapping[str, Body], report: Report
) -> None:
    """Report each glossary that cannot be read, or contradicts itself or the list of bodies. One
    that is not there is none: a configuration that was copied alone does all but look at names."""
    for index, series in enumerate(file.series):
        if not series.glossary or not (place := base / series.glossary).exists():
            continue
        path = ("series", index, "glossary")
        try:
            glossary = load_glossary(place)
        except OSError as error:
            message = f"{shown(series.glossary)} cannot be read: {error.strerror}"
            report(path, message, f"make it a readable file: {place}")
        except ValueError as error:
            message = f"{shown(series.glossary)} cannot be read: {error}"
            report(path, message, "docs/lint.md has an example")
        else:
            for problem in check_glossary(glossary, bodies):
                report(path, f"{shown(series.glossary)}: {problem}", "make the two agree")


def find_missing_glossaries(file: FileTable, base: Path, report: Report) -> None:
    """Report each glossary that is named and not there."""
    for index, series in enumerate(file.series):
        if series.glossary and not (place := base / series.glossary).exists():
            missing = f"there is no file {shown(series.glossary)}: lint does not know your names"
            report(("series", index, "glossary"), missing, f"put it there: {place}")


def _holds_certificates(place: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=str(place))
    except (OSError, ValueError):
        return False
    return True
