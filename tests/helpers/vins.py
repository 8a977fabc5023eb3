"""Cars that the stand-ins for the plate provider and vPIC know in tests."""

from crossbay.domain.customers.vehicle import Vehicle
from local.vin_providers.cars import Cars

ACCORD = "1HGCM82633A004352"
CIVIC = "2HGFC2F51JH501235"
GOLF = "WVWZZZ1JZ3W386752"
UNKNOWN = "2T1BU4EE7BC998519"
"""A Toyota that the stand-ins have never heard of."""


def car(vin: str, **fields: object) -> Vehicle:
    known = {
        "year": 2003,
        "make": "Honda",
        "model": "Accord",
        "sub_model": "EX",
        "engine": "3.0L V6",
    } | fields
    return Vehicle(id="", organization_id="", shop_id="", customer_id="", vin=vin, **known)  # type: ignore[arg-type]


CARS = Cars(
    vins={
        ("CBX1047", "NY"): (ACCORD,),
        ("TWO2", "NY"): (CIVIC, ACCORD),
        ("HALF3", "NY"): (CIVIC,),
        ("GOLF4", "NY"): (GOLF,),
        ("ONES5", "NY"): ("1" * 17,),
    },
    vehicles={
        one.vin: one
        for one in (
            car(ACCORD),
            car(CIVIC, year=2018, model="Civic", sub_model="", engine="2.0L I4"),
            car(GOLF, make="Volkswagen", model="Golf", engine="1.9L I4"),
            car("1" * 17, model="Placeholder"),
        )
    },
)
"""Plates of one car, of two, of one whose trim is open, of a European one, and of a placeholder."""
