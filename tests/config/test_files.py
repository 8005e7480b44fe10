"""Files that the configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config.load import load_config
from aggregator.domain.errors import ConfigError
from tests.fixtures.program import write_config


@pytest.mark.parametrize(
    ("content", "says"), [(None, "there is no file"), (b"no PEM", "holds no certificate")]
)
def test_a_certificate_must_be_there(tmp_path: Path, content: bytes | None, says: str) -> None:
    """A file that is missing or holds none is a mistake of the configuration, not of the server."""
    file = write_config(tmp_path, 1)
    text = file.read_text().replace('id = "msit"', 'id = "msit"\ncertificate = "extra.pem"', 1)
    file.write_text(text)
    if content is not None:
        (tmp_path / "extra.pem").write_bytes(content)
    with pytest.raises(ConfigError, match=says):
        load_config(file, {})
