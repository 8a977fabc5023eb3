"""Postal addresses, and how two spellings of a street are told to be the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as typed. country: ISO 3166-1 alpha-2, empty where the shop's own."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
