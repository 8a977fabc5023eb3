"""The profile as a door answers it: each section with the address at which its list goes on."""

from collections.abc import Mapping

from crossbay.app.photos.photos import days
from crossbay.app.profile.profile import Profile, Question, read_profile
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Caller
from crossbay.domain.quote import QuoteStatus
from crossbay.entry.http import Door
from crossbay.entry.profile.answers import (
    AppointmentSection,
    ContactDetails,
    EquipmentSection,
    LinkedCustomer,
    MessageSection,
    NoteSection,
    PhotoSection,
    ProfileAnswer,
    QuoteSection,
)


def profile_answer(door: Door, caller: Caller, asked: Question, bucket: Bucket) -> ProfileAnswer:
    """Read, and answered. bucket: of the photos. Raises NotFound."""
    profile = read_profile(door.reads, caller, asked, now=door.now())
    of_vehicle = {"service_address_id": asked.service_address_id}
    of_vehicle |= {"vehicle_id": asked.vehicle_id} if asked.vehicle_id else {}
    is_every = set(asked.quotes) == set(QuoteStatus)
    statuses = {} if is_every else {"status": ",".join(sorted(asked.quotes))}

    def more(name: str, filters: Mapping[str, str], position: object) -> str | None:
        path = f"/shops/{asked.customer.shop_id}/customers/{asked.customer.customer_id}/{name}"
        return door.more(caller, path, filters, position)

    upcoming, past = profile.upcoming, profile.past
    return ProfileAnswer(
        customer=ContactDetails.of(profile.customer),
        service_address=profile.service_address,
        vehicles=profile.vehicles,
        upcoming=AppointmentSection(
            rows=upcoming.rows, more=more("appointments", of_vehicle | {"when": "upcoming"}, upcoming.next)
        ),
        past=AppointmentSection(
            rows=past.rows, more=more("appointments", of_vehicle | {"when": "past"}, past.next)
        ),
        equipment=EquipmentSection(
            rows=profile.equipment.rows, more=more("equipment", of_vehicle, profile.equipment.next)
        ),
        quotes=QuoteSection(
            rows=profile.quotes.rows, more=more("quotes", of_vehicle | statuses, profile.quotes.next)
        ),
        photos=PhotoSection(
            days=days(bucket, profile.photos.rows), more=more("photos", of_vehicle, profile.photos.next)
        ),
        notes=NoteSection(rows=profile.notes.rows, more=more("notes", of_vehicle, profile.notes.next)),
        links=_links(caller, profile),
        messages=_messages(profile),
    )


def _messages(profile: Profile) -> MessageSection | None:
    if profile.messages is None:
        return None
    customer = profile.customer
    all_of_them = f"/shops/{customer.shop_id}/customers/{customer.id}/messages"
    return MessageSection(rows=profile.messages.rows, more=all_of_them if profile.messages.next else None)


def _links(caller: Caller, profile: Profile) -> tuple[LinkedCustomer, ...] | None:
    if profile.links is None:
        return None
    linked = ((ref.shop_id, ref.customer_id) for ref in profile.links.linked)
    return tuple(
        LinkedCustomer(shop_id=shop_id, shop_name=caller.shop_name(shop_id), customer_id=customer_id)
        for shop_id, customer_id in linked
    )
