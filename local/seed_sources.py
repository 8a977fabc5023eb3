"""The demo's marketing: what the first shop's sources stand for, and what a year of them cost.

Through the API alone. Some sources are left for whoever looks around: counter and report have an unknown.
"""

from datetime import UTC, datetime
from typing import Any

from crossbay.domain.calendar import months_later
from local.client import Client, checked

_MEANS = {
    "google": "internet-search",
    "google search": "internet-search",
    "google ads": "internet-search-ads",
    "yelp": "internet-yelp",
    "yelp.com": "internet-yelp",
    "facebook": "internet-facebook",
    "website": "internet-website",
    "drive by": "location-drive-by",
    "walk-in": "location-drive-by",
    "referral": "referral-friend",
    "referral - friend": "referral-friend",
    "word of mouth": "referral-friend",
    "postcard mailer": "advertising-direct-mail",
    "fleet sales": "trade-fleet",
}
"""By the spelling without case: the demo's counters type these and a few more."""

_MONTHLY_CENTS = {"internet-search-ads": 32_000, "advertising-direct-mail": 21_500, "internet-yelp": 9_900}
_MONTHS = 12


def give_sources(admin: Client, shop_id: str) -> None:
    """Map the shop's sources and enter a year of spend, unless somebody has mapped one already."""
    path = f"/shops/{shop_id}"
    for state in ("mapped", "dropped"):
        if checked(admin("GET", f"{path}/sources", query={"state": state}))["sources"]:
            return
    for source in checked(admin("GET", f"{path}/sources", query={"limit": 50}))["sources"]:
        category_id = _MEANS.get(source["spellings"][0].casefold())
        if category_id:
            _save(admin, "PATCH", f"{path}/sources/{source['id']}", source, {"category_id": category_id})
    month = datetime.now(UTC).date().replace(day=1).isoformat()
    for back in range(_MONTHS):
        sheet = f"{path}/source-spend/{months_later(month, -back)[:7]}"
        _save(admin, "PUT", sheet, checked(admin("GET", sheet)), {"amounts_cents": _MONTHLY_CENTS})


def _save(admin: Client, method: str, path: str, read: dict[str, Any], body: dict[str, Any]) -> None:
    checked(admin(method, path, body=body, headers={"If-Match": f'"{read["version"]}"'}))
