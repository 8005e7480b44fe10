"""All faults, and the configuration in which they stand beside good feeds."""

from __future__ import annotations

from tests.faults import (
    bodies,
    charsets,
    codings,
    forbidden,
    good,
    handshakes,
    identities,
    lengths,
    markup,
    oddities,
    redirects,
    slow,
    statuses,
)
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *good.FAULTS,
    *slow.FAULTS,
    *lengths.FAULTS,
    *codings.FAULTS,
    *handshakes.FAULTS,
    *redirects.FAULTS,
    *forbidden.FAULTS,
    *statuses.FAULTS,
    *bodies.FAULTS,
    *markup.FAULTS,
    *charsets.FAULTS,
    *identities.FAULTS,
    *oddities.FAULTS,
)

BY_NAME = {fault.name: fault for fault in FAULTS}
