"""The proof beside the certificate: it finds whom a file names, and cries no wolf."""

from pathlib import Path

import pytest

from crossbay.domain.address import Address
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer, Former, FormerName, Phone
from crossbay.domain.organization import Shop
from crossbay.ids import derived_id
from local import export_proof
from local.export_proof import Sought
from local.night_walk import NightFailed


def person(**fields: object) -> Customer:
    sensible: dict[str, object] = {"id": "c", "organization_id": "o", "shop_id": "s", "first_name": "Ann"}
    return Customer(**(sensible | fields))  # type: ignore[arg-type]


@pytest.mark.rule("C22")
@pytest.mark.parametrize("title", ["Lincoln transmission service", "Lincoln", "Lincoln Town Car brakes"])
def test_the_car_of_a_customer_called_like_its_maker_is_no_leak(title: str) -> None:
    sought = Sought(everyday=frozenset())
    sought.add_person(person(last_name="Lincoln"))

    assert list(sought.found_in(f'"1"|"{title}"')) == []


@pytest.mark.rule("C22")
@pytest.mark.parametrize("title", ["Mrs Lincoln waits", "for Ann Lincoln"])
def test_a_customer_called_like_a_maker_is_found_by_title_or_first_name(title: str) -> None:
    sought = Sought(everyday=frozenset())
    sought.add_person(person(last_name="Lincoln"))

    assert list(sought.found_in(f'"1"|"{title}"'))


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title", ["Delacourt: brakes", "206 555 0177", "Vandersloot waits", "at 4410 Yakima Ave", "Quist"]
)
def test_contacts_and_former_values_are_looked_for(title: str) -> None:
    sought = Sought(everyday=frozenset())
    former = Former(names=(FormerName(last_name="Vandersloot"),), streets=("4410 Yakima Ave",))
    sought.add_person(person(last_name="Quist", billing_address=Address(line1="7 Fern Ln"), former=former))
    sought.add_contact(
        Contact(
            id="p",
            organization_id="o",
            shop_id="s",
            customer_id="c",
            name="Wendel Delacourt",
            phones=(Phone(number="+12065550177"),),
        )
    )

    assert list(sought.found_in(f'"1"|"{title}"'))


@pytest.mark.rule("C22")
def test_people_of_other_organizations_are_not_looked_for_in_a_shops_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [Shop(id=f"shop-{name}", organization_id=name, business_name=name) for name in ("a", "b")]
    for shop, text in zip(shops, ("Garcia", "Garcia"), strict=True):
        file = (
            tmp_path
            / "sftp"
            / "files"
            / f"Crossbay-{derived_id('account', shop.id)[:8]}_PROD_RO_03022027.txt"
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'"1"|"{text}"')

    def people(_: object, own: list[Shop]) -> Sought:
        sought = Sought(everyday=frozenset())
        sought.add_person(person(last_name="Garcia" if own[0].organization_id == "a" else "Quist"))
        return sought

    monkeypatch.setattr(export_proof, "everybody", people)

    with pytest.raises(NightFailed) as failed:
        export_proof.proof("table", tmp_path, shops)
    assert str(failed.value).count("garcia in") == 1
