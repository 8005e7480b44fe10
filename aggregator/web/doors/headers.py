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
    """A page that has the desk's script: one behind the doors. The doorstep has none."""


def guard_headers(response: Response, options: DeskOptions) -> None:
    """Put the desk's headers on a page, whatever it said itself."""
    response.headers.update(DESK_HEADERS)
    if isinstance(response, ScriptedPage):
        response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    if options.is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
