"""The style sheets and the script of the desk."""

from __future__ import annotations

from hashlib import sha256
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.responses import Response

from aggregator.web.doors.asked import HOME, Asked

_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


class Assets:
    """All files of ``assets/``, read once. Each is named with a hash of what it holds, so that
    browsers may keep it and yet have the new one after an upgrade."""

    def __init__(self) -> None:
        folder = resources.files("aggregator.web.desk").joinpath("assets")
        self._files = {
            file.name: file.read_bytes()
            for file in folder.iterdir()
            if file.name.rpartition(".")[2] in _KINDS
        }

    def address(self, name: str) -> str:
        """Where a file is. Raises KeyError for one that there is not."""
        return f"{HOME}/assets/{name}?{sha256(self._files[name]).hexdigest()[:8]}"

    def serve(self, asked: Asked) -> Response:
        """A file; 404 for another name."""
        name = asked.request.path_params["asset"]
        if name not in self._files:
            raise HTTPException(404)
        kept = "max-age=31536000, immutable" if asked.request.url.query else "max-age=300"
        return Response(
            self._files[name],
            media_type=_KINDS[name.rpartition(".")[2]],
            headers={"Cache-Control": kept},
        )
