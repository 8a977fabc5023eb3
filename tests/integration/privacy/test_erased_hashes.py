"""Under which hashes an erased person is known: they outlive every release, so they stay what they were."""

import boto3
import pytest

from crossbay.domain.customers.customer import Customer, Phone
from crossbay.domain.customers.former import ever
from crossbay.store.privacy.erased import put_erased
from crossbay.store.token_keys import add_token_key
from crossbay.store.transaction import Transaction
from tests.helpers.campaign_shop import ContactShop

EMAIL = "f3dcf2de3261c968b14100cf5b37d38a3f2fabfaf401e6ec635f9e1b0ad04875"
PHONE = "484df1cff79b77ce4a4f4d8356669851c8b6af7611363bea6772c8fe758a23f3"


@pytest.mark.rule("X6")
def test_an_erased_person_is_known_by_the_same_hashes_as_ever(table: str) -> None:
    shop = ContactShop.open(table)
    add_token_key(shop.reads, "a token key", stamp=shop.stamp())
    person = Customer(
        id="c",
        organization_id=shop.organization_id,
        shop_id=shop.shop_id,
        first_name="Ana",
        last_name="Díaz",
        phones=(Phone(number="+18455550123"),),
        emails=("Ana@example.com",),
    )

    transaction = Transaction()
    put_erased(transaction, shop.reads, person, ever(person), at="2027-03-01T12:00:00.000Z", most=50)
    transaction.commit()

    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    hashes = {item["pk"]["S"].rpartition("#")[2] for item in items if item["type"]["S"] == "erased"}
    assert hashes == {EMAIL, PHONE}
