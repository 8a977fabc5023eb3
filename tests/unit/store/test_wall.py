"""Which partitions may be read and written behind the wall of a request or job (X8)."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from crossbay.store import wall
from crossbay.store.keys import PLATFORM
from crossbay.store.wall import Across, OutsideOrganization, carried, check, raised, work_across, work_for

OURS, THEIRS = "0197c2f0-aaaa", "0197c2f0-bbbb"


@pytest.mark.rule("X8")
def test_an_organization_reaches_its_own_partitions_and_the_platforms() -> None:
    with raised(OURS):
        check([OURS, f"{OURS}#shop", f"{OURS}#shop#customer", f"{OURS}#TO-SETTLE"])
        check([*PLATFORM, *(f"{head}#3" for head in PLATFORM)])


@pytest.mark.rule("X8")
@pytest.mark.parametrize(
    "partition",
    [THEIRS, f"{THEIRS}#shop", f"{THEIRS}#{OURS}", f"{OURS}x", f"{OURS}x#shop", OURS[:-1], "", "#", "DUEX#1"],
)
def test_any_other_partition_is_refused_alone_and_among_its_own(partition: str) -> None:
    with raised(OURS):
        for asked in ([partition], [OURS, partition, f"{OURS}#shop"]):
            with pytest.raises(OutsideOrganization) as refused:
                check(asked)
            assert str(refused.value) == "", "no key gets into a log"


@pytest.mark.rule("X8")
def test_before_anyone_says_whose_it_is_the_platforms_partitions_alone_are_open() -> None:
    with raised():
        check(["OPERATOR", "DUE#3"])
        for partition in (OURS, f"{OURS}#shop", "", "#shop"):
            with pytest.raises(OutsideOrganization):
                check([partition])


@pytest.mark.rule("X8")
def test_a_worker_goes_from_one_organization_to_the_next_and_never_has_two() -> None:
    with raised():
        work_for(OURS)
        check([OURS])
        work_for(THEIRS)

        check([THEIRS])
        with pytest.raises(OutsideOrganization):
            check([OURS])


@pytest.mark.rule("X8")
@pytest.mark.parametrize("why", Across)
def test_what_works_across_organizations_reaches_all_until_it_works_for_one(why: Across) -> None:
    with raised():
        work_across(why)
        check([OURS, THEIRS])
        work_for(OURS)

        with pytest.raises(OutsideOrganization):
            check([THEIRS])


@pytest.mark.rule("X8")
def test_a_wall_is_gone_with_its_request_whatever_it_ended_with() -> None:
    with pytest.raises(KeyError), raised(OURS):
        raise KeyError
    with raised(THEIRS):
        with raised(OURS):
            work_across(Across.OPERATOR)
        with pytest.raises(OutsideOrganization):
            check([OURS])

    check([OURS, THEIRS])  # a test's process has none of its own


@pytest.mark.rule("X8")
def test_outside_a_wall_nobody_raises_or_opens_one_by_saying_whose_the_work_is() -> None:
    work_for(OURS)
    check([THEIRS])
    work_across(Across.OPERATOR)

    assert wall._wall.get() is None


@pytest.mark.rule("X8")
def test_threads_work_behind_the_wall_they_were_given_also_where_it_moves_later() -> None:
    def is_refused(partition: str) -> bool:
        try:
            check([partition])
        except OutsideOrganization:
            return True
        return False

    with ThreadPoolExecutor(2) as threads, raised(OURS):
        given = carried(is_refused)
        before = list(threads.map(given, [OURS, THEIRS]))
        work_for(THEIRS)
        after = list(threads.map(given, [OURS, THEIRS]))
        outside = list(threads.map(is_refused, [OURS, THEIRS]))

    assert before == [False, True]
    assert after == [True, False]
    assert outside == [False, False], "the wall didn't stay with the thread"


@pytest.mark.rule("X8")
def test_a_process_in_which_nothing_was_said_is_closed_and_its_threads_too() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from crossbay.store.wall import OutsideOrganization, check, raised, work_for

def refused(partition):
    try:
        check([partition])
    except OutsideOrganization:
        return True
    return False

with ThreadPoolExecutor(1) as threads, raised("ours"):
    print(refused("ours#shop"), threads.submit(refused, "ours#shop").result())
print(refused("ours#shop"), refused("OPERATOR"))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told.split() == ["False", "True", "True", "False"]
