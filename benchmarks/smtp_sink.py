"""A bare aiosmtpd on loopback that takes every mail and keeps none: the peer of `send_worker`."""

import signal
from contextlib import suppress

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from local.emulator import LOOPBACK, free_port


def main() -> None:
    port = free_port()
    Controller(Sink(), hostname=LOOPBACK, port=port).start()
    print(port, flush=True)
    with suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    main()
