"""The headers of every page of the desk."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from aggregator.domain.people import DeskOptions

DESK_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""No script, no inline style, nothing from elsewhere, in nobody's frame."""

SCRIPT_POLICY = f"{DESK_POLICY}; script-src 'self'; connect-src 'self'"
"""The same for pages that have the desk's own script, which asks the desk's own pages."""

FRAMING_POLICY = f"{SCRIPT_POLICY}; frame-src 'self'"
"""The same for the page that shows documents of the desk in frames."""

_SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""What a framed document may do: nothing runs in it, and it sends no form; its links open elsewhere.
It is of the desk's origin, or its style sheet would be asked for by a stranger."""

_NOTHING = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

DESK_HEADERS = {
    "Content-Security-Policy": DESK_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers then send a form with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOTHING),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Cookie, Accept-Language",
}

_HSTS = "max-age=31536000"


class ScriptedPage(HTMLResponse):
    """A page that has the desk's script: one behind the doors. The doorstep has none. ``frames``: it
    shows documents of the desk in frames."""

    frames = False


class FramedDocument(Response):
    """What is published, as a document of its own in a frame of the desk: it runs nothing, and has
    pictures and styles of the desk's address alone. ``images``: whether it has pictures at all;
    ``inline_style``: it carries its styles in itself, as a mail does."""

    def __init__(
        self, body: bytes, media_type: str, *, images: bool = True, inline_style: bool = False
    ) -> None:
        super().__init__(body, media_type=media_type)
        picture = "'self'" if images else "'none'"
        style = "'self' 'unsafe-inline'" if inline_style else "'self'"
        self.policy = (
            f"default-src 'none'; img-src {picture}; style-src {style}; form-action 'none';"
            f" base-uri 'none'; frame-ancestors 'self'; sandbox {_SANDBOX}"
        )


def guard_headers(response: Response, options: DeskOptions) -> None:
    """Put the desk's headers on a page, whatever it said itself."""
    response.headers.update(DESK_HEADERS)
    if isinstance(response, ScriptedPage):
        policy = FRAMING_POLICY if response.frames else SCRIPT_POLICY
        response.headers["Content-Security-Policy"] = policy
    elif isinstance(response, FramedDocument):
        response.headers["Content-Security-Policy"] = response.policy
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    if options.is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
