"""Who may try a partner's host: everyone while it answers, one at a time while it doesn't.

After `FAILURES` in a row that are the host's fault nobody tries for `OPEN_FOR`; then one does, and either
opens the way for all or closes it again. Hundreds of shops don't wait half a minute each for one dead server.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from crossbay.app.retry import again_when_contended
from crossbay.domain.calendar import utc_iso
from crossbay.domain.partner import Destination
from crossbay.errors import Contended
from crossbay.store.exports.circuits import Circuit, read_circuit, save_circuit
from crossbay.store.reads import Reads

FAILURES = 3
OPEN_FOR = timedelta(minutes=5)
PROBE_TAKES = timedelta(minutes=2)
"""Of the one who tries: the others wait so long for what it finds."""


def host_of(destination: Destination) -> str:
    return f"{destination.server}:{destination.port}"


def wait_before(reads: Reads, destination: Destination, now: datetime) -> timedelta:
    """How long to wait before a try at this host; zero: it is this caller's turn now."""
    circuit = read_circuit(reads, host_of(destination))
    if circuit.failures < FAILURES:
        return timedelta()
    if circuit.open_until > utc_iso(now):
        return datetime.fromisoformat(circuit.open_until) - now
    try:
        save_circuit(circuit, replace(circuit, open_until=utc_iso(now + PROBE_TAKES)), now=now)
    except Contended:
        return PROBE_TAKES
    return timedelta()


@again_when_contended
def note_failure(reads: Reads, destination: Destination, now: datetime) -> None:
    """The host failed in a way that would fail everyone."""
    circuit = read_circuit(reads, host_of(destination))
    failures = circuit.failures + 1
    open_until = utc_iso(now + OPEN_FOR) if failures >= FAILURES else ""
    save_circuit(circuit, replace(circuit, failures=failures, open_until=open_until), now=now)


def note_answer(reads: Reads, destination: Destination, now: datetime) -> None:
    """The host answered. Nothing is written while it never failed."""
    circuit = read_circuit(reads, host_of(destination))
    if circuit.failures:
        with suppress(Contended):  # whoever comes next finds out the same
            save_circuit(circuit, Circuit(host=circuit.host), now=now)
