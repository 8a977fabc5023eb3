"""Keys of what hangs on a customer's profile: records at an address, contacts, cases, fleets, privacy.

The data model, with these in it, stands in `keys.py`.
"""

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.store.keys import Key, shop_partition


def at_address(partition: str, prefix: str, address_id: str, *rest: str) -> Key:
    """A customer's record at one service address: prefix `EQUIPMENT`, `QUOTE`, `NOTE` or `PHOTO`.

    address_id: empty for a customer without addresses. rest: what sorts, then the id.
    """
    return Key(partition, "#".join((prefix, address_id, *rest)))


def removed(partition: str, prefix: str, record_id: str) -> Key:
    """Where a removed `EQUIPMENT`, `QUOTE` or `NOTE` with a place of its own goes: no list finds it there."""
    return Key(partition, f"REMOVED#{prefix}#{record_id}")


def equipment_job(partition: str, equipment_id: str, *rest: str) -> Key:
    """A job in a piece of equipment's service history. rest: day, repair order, job."""
    return Key(partition, "#".join(("EQUIPMENT-JOB", equipment_id, *rest)))


def quotes_by_day(partition: str, quoted_on: str, quote_id: str) -> Key:
    """A customer's quotes of every address."""
    return Key(f"{partition}#QUOTE", f"{quoted_on}#{quote_id}")


def appointments_at_address(partition: str, address_id: str, starts_at: str, appointment_id: str) -> Key:
    return Key(f"{partition}#{address_id}", f"{starts_at}#{appointment_id}")


def messages_of_customer(partition: str, date: str, message_id: str) -> Key:
    """The key of messages that are settled; before that they stand under TO-SETTLE."""
    return Key(f"{partition}#MESSAGE", f"{date}#{message_id}")


def report(partition: str, report_id: str) -> Key:
    return Key(partition, f"REPORT#{report_id}")


def by_report_status(shop_ref: ShopRef, status: str, report_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#REPORT", f"{status}#{report_id}")


def person(partition: str, contact_id: str) -> Key:
    """A contact. `CONTACT#` would stand in the middle of the customer's file."""
    return Key(partition, f"PERSON#{contact_id}")


def case(partition: str, case_id: str) -> Key:
    """`CASE#` would stand in the middle of the customer's file."""
    return Key(partition, f"SERVICE-CASE#{case_id}")


def case_note(partition: str, case_id: str, note_id: str) -> Key:
    return Key(partition, f"SERVICE-NOTE#{case_id}#{note_id}")


def note_mail(partition: str, note_id: str, recipient_id: str) -> Key:
    """The key of a case note's mail to one recipient."""
    return Key(partition, f"SERVICE-MAIL#{note_id}#{recipient_id}")


def by_case_status(shop_ref: ShopRef, status: str, opened_at: str, case_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#CASE", f"{status}#{opened_at}#{case_id}")


def by_fleet_case(organization_id: str, fleet_id: str, opened_at: str, case_id: str) -> Key:
    return Key(f"{organization_id}#FLEET-CASE#{fleet_id}", f"{opened_at}#{case_id}")


def fleet(organization_id: str, fleet_id: str) -> Key:
    return Key(organization_id, f"FLEET#{fleet_id}")


def fleet_partition(organization_id: str, fleet_id: str) -> str:
    """A fleet's customers, in every shop."""
    return f"{organization_id}#FLEET#{fleet_id}"


def by_fleet(organization_id: str, fleet_id: str, ref: CustomerRef) -> Key:
    return Key(fleet_partition(organization_id, fleet_id), f"{ref.shop_id}#{ref.customer_id}")


def written(organization_id: str, email_hash: str) -> Key:
    """email_hash: keyed, like that of a dead e-mail."""
    return Key(f"{organization_id}#WRITTEN#{email_hash}", "WRITTEN")


def privacy_request(shop_ref: ShopRef, request_id: str) -> Key:
    return Key(shop_partition(shop_ref), f"PRIVACY#{request_id}")


def erasing(partition: str) -> Key:
    return Key(partition, "ERASING")


def gone(shop_ref: ShopRef) -> Key:
    return Key(shop_partition(shop_ref), "GONE")


def erased(shop_ref: ShopRef, hashed: str) -> Key:
    """hashed: of an e-mail mailbox or a phone number that the person had, keyed."""
    return Key(f"{shop_partition(shop_ref)}#ERASED#{hashed}", "ERASED")
