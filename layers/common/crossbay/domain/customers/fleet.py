"""A fleet: a company whose vehicles come to several shops, where a customer each stands for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """A fleet of the organization; customers of kind `fleet` and fleet users name the one they belong to."""

    id: str
    organization_id: str
    name: str
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
