"""Partners' servers of this machine for the tests of transfers, in order and empty for each test."""

from collections.abc import Iterator

import pytest

from crossbay.transfer.folder import Credential
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServer, PartnerServers, partner_servers


@pytest.fixture(scope="module")
def running_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartnerServers]:
    with partner_servers(tmp_path_factory.mktemp("partners")) as servers:
        yield servers


@pytest.fixture
def servers(running_servers: PartnerServers) -> PartnerServers:
    for server in (running_servers.sftp, running_servers.ftp, running_servers.ftps):
        server.faults.order(PartnerMode.OK)
        for name in server.files():
            (server.folder / name).unlink()
    return running_servers


@pytest.fixture(params=["sftp", "ftp", "ftps"])
def server(servers: PartnerServers, request: pytest.FixtureRequest) -> PartnerServer:
    """Each of the three in its turn."""
    chosen: PartnerServer = getattr(servers, request.param)
    return chosen


@pytest.fixture
def credential(server: PartnerServer) -> Credential:
    return Credential(password=server.password)
