"""Files that the configuration names: they must be there when it is read."""

from __future__ import annotations

import ssl
from pathlib import Path

from aggregator.config.schema import FileTable
from aggregator.config.values import shown
from aggregator.config.walk import Report


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


def _holds_certificates(place: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=str(place))
    except (OSError, ValueError):
        return False
    return True
