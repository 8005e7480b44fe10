"""Copies of pictures among what is published."""

from __future__ import annotations

from pathlib import Path

from aggregator.publish.pictures import PictureFolder

PNG = b"\x89PNG\r\n\x1a\nrest"


def test_only_the_pictures_asked_for_are_published(tmp_path: Path) -> None:
    """Copies that no page shows any more stay in their folder; None asks for all."""
    pictures = PictureFolder(tmp_path)
    one, other = (pictures.keep(f"https://a.example/{n}.png", PNG) for n in (1, 2))
    asked = pictures.artefacts(["https://a.example/2.png", "https://a.example/unknown.png"])
    assert [other] == [artefact.path for artefact in asked]
    assert sorted([one, other]) == [artefact.path for artefact in pictures.artefacts()]
    assert [] == pictures.artefacts([])
