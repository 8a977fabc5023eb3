"""A vehicle, and what makes two records of it the same vehicle."""

from dataclasses import dataclass

from crossbay.domain.customer import CopiedFrom, Imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle of one customer. odometer_miles: last reading. region: plate state or province (`CA`, `ON`)."""

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    vin: str = ""
    plate: str = ""
    plate_region: str = ""
    year: int | None = None
    make: str = ""
    model: str = ""
    sub_model: str = ""
    engine: str = ""
    odometer_miles: int | None = None
    is_sold: bool = False
    do_not_contact: bool = False
    imported: Imported | None = None
    copied_from: CopiedFrom | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""

    @property
    def title(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model) if part)
