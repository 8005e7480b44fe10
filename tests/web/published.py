"""A public folder with one file of each kind."""

from __future__ import annotations

import os
from pathlib import Path

from aggregator.domain.publishing import PublishOptions
from aggregator.web.public_files import KEPT

OPTIONS = PublishOptions(base_url="https://news.example/city", tag_authority="news.example,2024")
FEED = ("<feed>" + "스마트시티 " * 200 + "</feed>").encode()
PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(500)
LARGE = os.urandom(KEPT + 5000)
FILES = {
    "index.html": b"<p>front",
    "404.html": b"<p>nothing here",
    "feed.atom": FEED,
    "feed.rss": FEED,
    "feed.json": b"{}",
    "archive/2024-02.atom": FEED,
    "feeds.opml": FEED,
    "issues/48/index.html": b"<p>issue",
    "issues/48/issue.md": b"# issue",
    "issues/48/issue.ninjs.json": b"{}",
    "issues/48/issue.eml": b"Subject: x",
    "issues/48/mail.html": b"<p style='color:red'>",
    "assets/site.css": b"p{}",
    "assets/site.0a1b2c3d.css": b"p{}",
    "assets/feed.xsl": b"<x/>",
    "assets/map.xml": b"<x/>",
    "pictures/a.png": PICTURE,
    "pictures/large.png": LARGE,
    "a b/한글.html": b"<p>spaced",
    "empty.txt": b"",
    "noindex/x.txt": b"x",
    "data.unknown": b"?",
}


def put(file: Path, body: bytes) -> None:
    """Write a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
