"""Three years of visits: which car came where and when, what was done, declined, and done later.

A car keeps the list of what it was told and didn't do; a later visit, in whichever shop, does some of it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from crossbay.domain.work.repair_order import Authorization
from local.demo.model import Car, DemoVisit, Party, Work
from local.demo.services import RECOMMENDED, ROUTINE, Bench, ServicePackage

DAYS_OF_BUSINESS = 3 * 365
_SUNDAY = 6
_VISITS = ((0, 1, 2, 3, 4, 5, 6, 7), (6, 14, 22, 23, 16, 10, 6, 3))  # of a car in three years; 2.9 on average


def visits_of(rng: Random, party: Party, benches: Mapping[str, Bench], today: date) -> list[DemoVisit]:
    """Every visit of the party's cars up to today, oldest first for each car."""
    return [visit for car in party.cars for visit in _visits_of_car(rng, party, car, benches, today)]


def _visits_of_car(
    rng: Random, party: Party, car: Car, benches: Mapping[str, Bench], today: date
) -> list[DemoVisit]:
    visits: list[DemoVisit] = []
    still_due: list[ServicePackage] = []
    for day in _days(rng, car, today):
        site_key = party.site_keys[0] if rng.random() < 0.55 else rng.choice(party.site_keys)
        bench = benches[site_key]
        found = _found(rng, still_due)
        work = _work(rng, bench, found, still_due)
        inspections = (bench.inspection(found),) if found or rng.random() < 0.35 else ()
        visits.append(
            DemoVisit(
                site_key=site_key, party_key=party.key, car=car, day=day, work=work, inspections=inspections
            )
        )
    return visits


def _days(rng: Random, car: Car, today: date) -> list[date]:
    """Days in order, no Sunday but today, none before the car was there; one car in thirty is in today."""
    count = rng.choices(*_VISITS)[0]
    days = {_no_sunday(today - timedelta(days=rng.randrange(1, DAYS_OF_BUSINESS))) for _ in range(count)}
    if rng.random() < 1 / 30:
        days.add(today)
    return sorted(day for day in days if car.is_on_the_road(day))


def _no_sunday(day: date) -> date:
    return day - timedelta(days=1) if day.weekday() == _SUNDAY else day


def _found(rng: Random, still_due: list[ServicePackage]) -> tuple[ServicePackage, ...]:
    """What this visit recommends anew."""
    candidates = [service for service in RECOMMENDED if service not in still_due]
    count = rng.choices((0, 1, 2, 3), (35, 35, 22, 8))[0]
    chosen = rng.choices(candidates, [service.every for service in candidates], k=count)
    return tuple(dict.fromkeys(chosen))


def _work(
    rng: Random, bench: Bench, found: tuple[ServicePackage, ...], still_due: list[ServicePackage]
) -> tuple[Work, ...]:
    """A routine job or two, what was due from before if agreed now, and what was found. Changes still_due."""
    routine = dict.fromkeys(rng.choices(ROUTINE, [s.every for s in ROUTINE], k=rng.choice((1, 1, 2))))
    work = [bench.work(service, Authorization.APPROVED) for service in routine]
    for service in tuple(still_due):
        if rng.random() < 0.4:
            work.append(bench.work(service, Authorization.APPROVED))
            still_due.remove(service)
    for service in found:
        is_agreed = rng.random() < 0.55
        work.append(bench.work(service, Authorization.APPROVED if is_agreed else Authorization.DECLINED))
        if not is_agreed:
            still_due.append(service)
    return tuple(work)
