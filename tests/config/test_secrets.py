"""Secrets in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config.secrets import with_secrets
from aggregator.domain.errors import UsageError


def test_a_file_is_a_variable(tmp_path: Path) -> None:
    """Its name is the variable's, its end of line is none of the secret."""
    (tmp_path / "AGG_SMTP_PASSWORD").write_text("two words\n", encoding="utf-8")

    environ = with_secrets({"AGG_SECRETS": str(tmp_path), "HOME": "/"})

    assert ("two words", "/") == (environ["AGG_SMTP_PASSWORD"], environ["HOME"])


def test_a_credential_of_systemd_has_a_prefix(tmp_path: Path) -> None:
    """``LoadCredential=secret:/folder`` gives ``secret_NAME``."""
    (tmp_path / "secret_AGG_DATABASE").write_text("sqlite:///a.db", encoding="utf-8")
    assert "sqlite:///a.db" == with_secrets({"AGG_SECRETS": str(tmp_path)})["AGG_DATABASE"]


def test_the_environment_counts_before_the_file(tmp_path: Path) -> None:
    """Whoever sets a variable for one command means it."""
    (tmp_path / "AGG_DATABASE").write_text("of the file", encoding="utf-8")
    environ = with_secrets({"AGG_SECRETS": str(tmp_path), "AGG_DATABASE": "of the command"})
    assert "of the command" == environ["AGG_DATABASE"]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    """A note for people, a hidden file of a mount, a folder."""
    (tmp_path / "README").mkdir()
    for name in ("read-me.txt", "..data", "AGG_DATABASE.old"):
        (tmp_path / name).write_text("no secret", encoding="utf-8")
    assert {"AGG_SECRETS"} == set(with_secrets({"AGG_SECRETS": str(tmp_path)}))


def test_without_a_folder_nothing_changes() -> None:
    """The environment as it is."""
    environ = {"HOME": "/"}
    assert environ is with_secrets(environ)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Rather than to start without a password."""
    with pytest.raises(UsageError, match=r"cannot read .*/none: No such file"):
        with_secrets({"AGG_SECRETS": str(tmp_path / "none")})


def test_what_is_no_text_is_not_repeated(tmp_path: Path) -> None:
    """The message names the file only."""
    (tmp_path / "AGG_DATABASE").write_bytes(b"hunter2\xff")
    with pytest.raises(UsageError, match="AGG_DATABASE is no secret") as caught:
        with_secrets({"AGG_SECRETS": str(tmp_path)})
    assert "hunter2" not in str(caught.value)
