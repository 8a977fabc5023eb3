"""`python -m local.mailbox [PORT] [FOLDER]`: the mailbox alone, until Ctrl-C. Events go nowhere."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from local.mailbox.box import mailbox


def main() -> None:
    port, folder = (*sys.argv[1:], "", "")[:2]
    with suppress(KeyboardInterrupt), mailbox(Path(folder) if folder else None, port=int(port or 0)) as box:
        print(box.url, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
