"""The environment with the secrets that stand in files, where systemd and containers put them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from aggregator.domain.errors import UsageError

SECRETS_VARIABLE = "AGG_SECRETS"
"""The environment variable that names the folder of the files."""

_LARGEST = 64 * 1024
_FILE = re.compile(r"(?:[a-z]+_)?(?P<name>[A-Z][A-Z0-9_]*)")
"""systemd puts the credential's own name and a ``_`` before the names of a folder's files."""


def with_secrets(environ: Mapping[str, str]) -> Mapping[str, str]:
    """``environ``, completed by a variable for each file in the folder that ``AGG_SECRETS`` names.

    A file is called as its variable (``AGG_DATABASE``); other files are passed over. White space at
    both ends is left out, and a variable that the environment has itself stays. Raises UsageError
    where the folder or a file of it cannot be read, without a word of what stands in it.
    """
    folder = environ.get(SECRETS_VARIABLE)
    if not folder:
        return environ
    try:
        found = {
            match["name"]: _text(path)
            for path in sorted(Path(folder).iterdir())
            if (match := _FILE.fullmatch(path.name)) and path.is_file()
        }
    except OSError as error:
        raise UsageError(
            f"{SECRETS_VARIABLE}: cannot read {error.filename}: {error.strerror}"
        ) from error
    return {**found, **environ}


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    try:
        text = content.decode().strip()
    except ValueError:
        text = ""
    if not text or len(content) > _LARGEST:
        raise UsageError(f"{SECRETS_VARIABLE}: {path} is no secret: a short text is right")
    return text
