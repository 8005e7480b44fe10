"""Certificates of all kinds, by one authority of our own and by others."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme

from tests.faults.fault import Papers

DAY = timedelta(days=1)


class Authority:
    """Makes papers; what is trusted lies in ``folder`` as ``authority.pem``, and together with the
    intermediate authority as ``intermediate.pem``."""

    def __init__(self, folder: Path) -> None:
        self._root = trustme.CA(organization_name="Tests")
        self._stranger = trustme.CA(organization_name="Strangers")
        self._middle = self._root.create_child_ca()
        self._folder = folder
        root = self._root.cert_pem.bytes()
        (folder / "authority.pem").write_bytes(root)
        (folder / "intermediate.pem").write_bytes(self._middle.cert_pem.bytes() + root)

    def context(self, papers: Papers, address: str) -> ssl.SSLContext | None:
        """What a server at ``address`` with these papers speaks; None for no TLS."""
        if papers is Papers.PLAIN:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if papers is Papers.SELF_SIGNED:
            alone = trustme.CA(organization_name="Alone")
            self._load(context, alone.private_key_pem.bytes(), alone.cert_pem.bytes())
            return context
        leaf = self._leaf(papers, address)
        chain = (
            leaf.cert_chain_pems[:1] if papers is Papers.NO_INTERMEDIATE else leaf.cert_chain_pems
        )
        self._load(context, leaf.private_key_pem.bytes(), *[one.bytes() for one in chain])
        if papers is Papers.OLD:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        elif papers is Papers.TLS_1_2:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _leaf(self, papers: Papers, address: str) -> trustme.LeafCert:
        now = datetime.now(UTC)
        issuer, names, options = self._root, [address], dict[str, Any]()
        if papers is Papers.EXPIRED:
            options = {"not_before": now - 9 * DAY, "not_after": now - DAY}
        elif papers is Papers.NOT_YET:
            options = {"not_before": now + DAY, "not_after": now + 9 * DAY}
        elif papers is Papers.WRONG_NAME:
            names = ["other.example", "127.99.99.99"]
        elif papers is Papers.STRANGER:
            issuer = self._stranger
        elif papers is Papers.RSA:
            options = {"key_type": trustme.KeyType.RSA}
        elif papers in {Papers.CHAIN, Papers.NO_INTERMEDIATE}:
            issuer = self._middle
        return issuer.issue_cert(*names, **options)

    def _load(self, context: ssl.SSLContext, *parts: bytes) -> None:
        file = self._folder / "server.pem"
        file.write_bytes(b"".join(parts))
        context.load_cert_chain(file)
