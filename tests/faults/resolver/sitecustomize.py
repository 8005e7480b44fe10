"""Names ending in ``.test`` for a process that has this folder in its PYTHONPATH.

``FAULTS_NAMES`` is JSON: for each name the answers in turn, the last one for ever, each a list of
addresses. It stands for the name servers of the hostile internet; nothing of the program is
touched.
"""

from __future__ import annotations

import json
import os
import socket
from collections import Counter
from typing import Any

_NAMES: dict[str, list[list[str]]] = json.loads(os.environ.get("FAULTS_NAMES", "{}"))
_asked: Counter[str] = Counter()
_getaddrinfo = socket.getaddrinfo


def _resolve(host: Any, port: Any, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401
    name = (host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).lower()
    if not name.rstrip(".").endswith(".test"):
        return _getaddrinfo(host, port, *args, **options)
    answers = _NAMES.get(name.rstrip("."))
    if answers is None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    answer = answers[min(_asked[name], len(answers) - 1)]
    _asked[name] += 1
    return [found for address in answer for found in _getaddrinfo(address, port, *args, **options)]


socket.getaddrinfo = _resolve
