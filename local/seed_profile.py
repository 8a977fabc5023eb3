"""What a technician finds on the example customer's profile, through the API alone."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import requests

from local.client import Client, checked
from local.example import Example

_NOTES = ("Gate code 4711. The dog is friendly.", "Prefers a call before we come; works nights.")
_EQUIPMENT: dict[str, Any] = {
    "name": "Two-post lift",
    "make": "Ajax",
    "model": "L-9",
    "serial_number": "AX-20417",
    "installed_on": "2022-05-16",
    "components": [{"name": "Hydraulic pump", "make": "Ajax", "model": "P-2"}],
}
_QUOTES: tuple[dict[str, Any], ...] = (
    {
        "title": "Four all-season tires",
        "status": "open",
        "lines": [
            {"description": "Tire 215/55 R17", "thousandth_units": 4000, "amount_cents": 75600},
            {"description": "Mount, balance, alignment", "amount_cents": 17900},
        ],
    },
    {"title": "Timing belt", "lines": [{"description": "Belt kit and labor", "amount_cents": 68900}]},
)
_PICTURES = (("Front left rotor, scored", (150, 110, 90)), ("Oil on the bell housing", (70, 80, 60)))
_SIZE = (1600, 1200)
_PATIENCE_S = 30


def give_a_profile(advisor: Client, example: Example) -> None:
    """Notes, equipment, quotes, photos, a coming appointment and a reported problem, unless it has notes."""
    shop = f"/shops/{example.shop_id}"
    customer = f"{shop}/customers/{example.customer_id}"
    if checked(advisor("GET", f"{customer}/notes"))["notes"]:
        return
    for text in _NOTES:
        checked(advisor("POST", f"{customer}/notes", body={"text": text}))
    checked(advisor("POST", f"{customer}/equipment", body=_EQUIPMENT))
    for quote in _QUOTES:
        checked(advisor("POST", f"{customer}/quotes", body=quote))
    for caption, color in _PICTURES:
        _add_photo(advisor, customer, caption, _picture(color))
    next_week = (datetime.now(UTC) + timedelta(days=7)).replace(hour=15, minute=0, second=0, microsecond=0)
    appointment = {
        "customer_id": example.customer_id,
        "starts_at": next_week.isoformat(),
        "ends_at": (next_week + timedelta(hours=2)).isoformat(),
        "service_category": "Tires",
        "department": "Bay 2",
    }
    checked(advisor("POST", f"{shop}/appointments", body=appointment))
    problem = {"about": "address", "text": "The house number is 14, says the customer."}
    checked(advisor("POST", f"{customer}/problem-reports", body=problem))


def _add_photo(advisor: Client, customer: str, caption: str, content: bytes) -> None:
    announced = {"content_type": "image/jpeg", "size_bytes": len(content), "caption": caption}
    form = checked(advisor("POST", f"{customer}/photos", body=announced))["upload"]
    sent = requests.post(form["url"], data=form["fields"], files={"file": content}, timeout=_PATIENCE_S)
    sent.raise_for_status()


def _picture(color: tuple[int, int, int]) -> bytes:
    """A made-up photo: a bright disc before a plain wall."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", _SIZE, color)
    width, height = _SIZE
    middle, radius = (width // 2, height // 2), height // 3
    box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    ImageDraw.Draw(image).ellipse(box, fill=(205, 205, 210), outline=(60, 60, 60), width=12)
    content = BytesIO()
    image.save(content, "JPEG", quality=85)
    return content.getvalue()
