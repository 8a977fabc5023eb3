"""A customer is erased: nothing of the person is left in table and buckets, whatever breaks off (X6)."""

from collections.abc import Iterator

import pytest

from local.partners.servers import PartnerServers
from tests.integration.conftest import Aws
from tests.integration.privacy_world import VALUES, World, build


@pytest.fixture(scope="module")
def built(aws_of_module: Aws, servers: PartnerServers) -> World:
    return build(aws_of_module, servers)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    yield built
    built.put_back()


@pytest.mark.rule("X6")
def test_a_scan_finds_every_value_before_and_none_after(world: World) -> None:
    before = {place.number for place in world.scan()}

    request = world.work(world.ask())

    assert before == set(range(1, len(VALUES) + 1))
    assert world.scan() == []
    print(request)
