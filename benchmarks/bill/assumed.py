"""What nobody can count before there are shops: how much they do, and how long Lambda takes for it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.bill.counts import Counts

HTTP = {
    "search, a key typed": ("SearchFunction", 65),
    "poll of the day": ("SourcesFunction", 80),
    "profile": ("ProfileFunction", 100),
    "history page": ("HistoryFunction", 100),
    "repair order read": ("RepairOrdersFunction", 70),
    "repair order opened": ("RepairOrdersFunction", 150),
    "repair order saved again": ("RepairOrdersFunction", 150),
    "repair order invoiced": ("RepairOrdersFunction", 180),
    "customer saved": ("CustomersFunction", 150),
    "new customer": ("CustomersFunction", 180),
    "new vehicle": ("VehiclesFunction", 120),
    "appointment booked": ("AppointmentsFunction", 130),
    "photo": ("PhotosFunction", 120),
}
"""Requests: the door, and milliseconds on average.

Milliseconds: CPU as in benchmarks/results.md at the .58 cores of 1,024 MB, 5 for each round to the table, and
30 for starts (2 % of 1.5 s).
"""

WORK = {
    "recount": ("RecountFunction", 250),
    "photo developed": ("DevelopFunction", 2_500),
    "repair order exported": ("DeliverFunction", 300),
    "message planned": ("NightFunction", 60),
    "message sent": ("SendFunction", 150),
    "message's events heard": ("FeedbackFunction", 120),
}
"""What workers do, in the same way; of events, the two or three of a message together."""

MAIL = ("message planned", "message sent", "message's events heard")
PHOTOS = ("photo", "photo developed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A month of an installation. The defaults are those of the review before the first deployment.

    orders_kept: repair orders in the table. days: a month's with open doors. Of a shop and day: orders
    (opened and invoiced), saves_an_order (in between), requests (all that people start, keys typed among
    them), consoles, hours (open), polls_an_hour (of a console that is looked at), seen (the part of the time
    that one is), messages.
    keys_a_search: that reach the API, after 120 ms without another. missed: requests whose member the door
    hasn't seen for half a minute; missed_shops: whose organization's shops it hasn't.
    preflights: a request, 1 where the console is of another origin. photos_an_order, photo_mb: as kept.
    months: how long photos have gathered.
    """

    shops: int = 200
    customers: int = 1_000_000
    orders_kept: int = 5_000_000
    days: int = 26
    orders: float = 15
    saves_an_order: float = 3
    requests: float = 600
    searches: float = 40
    keys_a_search: float = 4
    consoles: float = 3
    hours: float = 10
    polls_an_hour: float = 12
    seen: float = 0.5
    missed: float = 0.7
    missed_shops: float = 0.2
    preflights: float = 0
    messages: float = 20
    photos_an_order: float = 2
    photo_mb: float = 2.24
    months: int = 1
    log_bytes: int = 1_670
    log_bytes_of_lambda: int = 560

    def of_a_day(self, counts: Counts) -> Mapping[str, float]:
        """What one shop does on one day, by the names of what is counted."""
        done = {
            "search, a key typed": self.searches * self.keys_a_search,
            "profile": 3 * self.orders,
            "history page": 4 * self.orders,
            "repair order opened": self.orders,
            "repair order saved again": self.orders * self.saves_an_order,
            "repair order invoiced": self.orders,
            "customer saved": 10.0,
            "new customer": 3.0,
            "new vehicle": 4.0,
            "appointment booked": 8.0,
        }
        rest = self.requests - sum(done.values())
        if rest < 0:
            raise ValueError(f"{-rest:.0f} requests more than the {self.requests} of a shop and day")
        marked = sum(times for name, times in done.items() if counts[name].written_at.get("o#s#RECOUNT"))
        return done | {
            "repair order read": rest,
            "poll of the day": self.consoles * self.hours * self.polls_an_hour * self.seen,
            "recount": self._slots_with_any(marked),
            "repair order exported": self.orders,
            "photo": self.orders * self.photos_an_order,
            "photo developed": self.orders * self.photos_an_order,
            **dict.fromkeys(MAIL, self.messages),
        }

    def _slots_with_any(self, marked: float) -> float:
        """Of the day's spans of five minutes, those in which something is to be counted again, on average."""
        slots = self.hours * 12
        return slots * (1 - math.pow(1 - 1 / slots, marked))
