"""`python -m local.partners FOLDER`: the servers alone, until Ctrl-C."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from local.partners.servers import partner_servers


def main() -> None:
    with suppress(KeyboardInterrupt), partner_servers(Path(sys.argv[1])) as servers:
        for server in (servers.sftp, servers.ftp, servers.ftps):
            told = server.destination
            print(f"{told.protocol}  {told.server}:{told.port}  {told.user_name}  {server.password}")
            print(f"      {server.folder}  {told.host_key}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
