"""How feeds speak TLS: one context for each profile, as strict as the profile allows."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from aggregator.domain.net import Tls, TlsProfile

_OLD_CIPHERS = "DEFAULT:@SECLEVEL=1"
_LEGACY_SERVER_CONNECT = getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
"""The flag of OpenSSL that Python names from 3.12 on."""


class BadCertificateFile(Exception):
    """The file of a profile's certificate cannot be read or holds none."""


class TlsContexts:
    """Makes contexts when they are first needed. ``new_context`` makes a strict one."""

    def __init__(self, new_context: Callable[[], ssl.SSLContext]) -> None:
        self._new_context = new_context
        self._made: dict[TlsProfile, tuple[int, ssl.SSLContext]] = {}

    def of(self, profile: TlsProfile) -> ssl.SSLContext:
        """The context of a profile, made anew when its file has changed.

        Raises BadCertificateFile.
        """
        changed_at = _changed_at(profile.certificate) if profile.certificate else 0
        known = self._made.get(profile)
        if known is None or known[0] != changed_at:
            known = self._made[profile] = (changed_at, self._make(profile))
        return known[1]

    def _make(self, profile: TlsProfile) -> ssl.SSLContext:
        context = self._new_context()
        context.load_default_certs()
        # An oddity in a certificate that is no danger (RFC 5280 to the letter) is refused by some
        # versions of Python only; a feed must not depend on that.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.set_alpn_protocols(["http/1.1"])
        if profile.certificate:
            _trust(context, profile.certificate)
        if Tls.OLD_CIPHERS in profile.relax:
            context.set_ciphers(_OLD_CIPHERS)
        if Tls.TLS_1_2 in profile.relax:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if Tls.LEGACY_RENEGOTIATION in profile.relax:
            context.options |= _LEGACY_SERVER_CONNECT
        if not profile.is_verified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _changed_at(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except (OSError, ValueError) as error:
        raise BadCertificateFile(_cannot_read(path, error)) from error


def _trust(context: ssl.SSLContext, path: str) -> None:
    """Trust the certificates of a file; an intermediate among them suffices as it is."""
    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise BadCertificateFile(f"{path} holds no certificate in PEM form") from error
    except OSError as error:
        raise BadCertificateFile(_cannot_read(path, error)) from error
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def _cannot_read(path: str, error: Exception) -> str:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no path"
    return f"the certificate file {path} cannot be read ({why})"
