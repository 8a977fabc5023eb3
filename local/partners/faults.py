"""What a partner's server does instead of its duty."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class PartnerMode(StrEnum):
    """OK: its duty. REFUSE_LOGIN: no password is right.

    CUT, STALL, FULL: while it takes a file, it ends the connection, falls silent, or has no room.
    OLD: knows no posix-rename (SFTP), no SIZE (FTP). NAT: names the address of its own network for FTP's
    passive connections. NO_DATA: nothing listens on FTP's passive ports. TAKE: what was written whole is
    taken away at once. DROP_BOX: files may be written and nothing else.
    """

    OK = "ok"
    REFUSE_LOGIN = "refuse-login"
    CUT = "cut"
    STALL = "stall"
    FULL = "full"
    OLD = "old"
    NAT = "nat"
    NO_DATA = "no-data"
    TAKE = "take"
    DROP_BOX = "drop-box"


@dataclass
class PartnerFaults:
    """One order at a time. after_bytes: so many bytes of a file are taken before CUT, STALL or FULL.

    taken: names and contents of the files that TAKE took away.
    """

    mode: PartnerMode = PartnerMode.OK
    after_bytes: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)

    def whole(self, path: Path) -> None:
        """A file was written to its end."""
        if self.mode is PartnerMode.TAKE:
            self.taken.append((path.name, path.read_bytes()))
            path.unlink()

    def order(self, mode: PartnerMode | str, *, after_bytes: int = 0) -> None:
        self.after_bytes, self.mode = after_bytes, PartnerMode(mode)

    def at(self, file_bytes: int) -> PartnerMode:
        """What becomes of a file that would now have so many bytes."""
        return self.mode if file_bytes > self.after_bytes else PartnerMode.OK
