"""A note on a customer's profile: what technicians, dispatchers and the office tell each other (P6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One person's words about a customer at one service address; no note of a repair order or a case.

    author_name: as the member was called then. vehicle_id: empty where it is about none.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    service_address_id: str = ""
    vehicle_id: str = ""
    text: str = ""
    author_id: str = ""
    author_name: str = ""
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""
