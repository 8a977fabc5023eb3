"""What an export leaves out of a record because it is of others (X6)."""

from typing import Any

import pytest

from crossbay.privacy.third_parties import without_others

OWN = frozenset({"kim@example.com"})
ROBIN = {"id": "1", "name": "Robin Vale", "email": "robin@example.com"}
KIM = {"id": "2", "name": "Kim", "email": "Kim@example.com"}
CASE = {"id": "k", "one_time_contacts": [ROBIN, KIM]}


def mail(email: str) -> dict[str, Any]:
    told = {"recipient_id": "r", "recipient_kind": "one_time", "state": "bounced", "sent_at": "2027-03-01"}
    return told | {"name": "Robin Vale", "email": email, "reason": f"550 no {email} here"}


@pytest.mark.rule("X6")
def test_a_mail_to_another_keeps_that_it_was_and_what_became_of_it() -> None:
    assert without_others("note mail", mail("robin@example.com"), OWN) == {
        name: mail("")[name] for name in ("recipient_id", "recipient_kind", "state", "sent_at")
    }
    assert without_others("note mail", mail("Kim@example.com"), OWN) == mail("Kim@example.com")


@pytest.mark.rule("X6")
def test_one_time_contacts_lose_name_and_address_in_the_case_and_in_its_audit() -> None:
    entry = {"what": "case opened", "by": "m", "before": {}, "after": CASE}

    assert without_others("case", CASE, OWN)["one_time_contacts"] == [{"id": "1"}, KIM]
    assert without_others("audit", entry, OWN)["after"]["one_time_contacts"] == [{"id": "1"}, KIM]


@pytest.mark.rule("X6")
def test_who_the_shop_writes_to_for_the_customer_stays() -> None:
    person = {"id": "p", "name": "Robin Vale", "email": "robin@example.com"}

    assert without_others("person", person, OWN) == person
