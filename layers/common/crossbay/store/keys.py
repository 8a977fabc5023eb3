"""The data model: the keys of records. Profiles, sources and the search index have theirs in their folders.

Every partition starts with the organization (`o`), by which `store/wall.py` tells whose it is; a shop's (`s`)
data follow, and a customer (`c`) is one item collection, whose first four kinds sort together so that one
Query reads the customer's file. Two kinds of key stand outside, the platform's own: `OPERATOR` and `DUE…`.

| item | pk | sk | GSI1 | GSI2 | read by |
| --- | --- | --- | --- | --- | --- |
| organization | o | ORGANIZATION | | | every door (entitlements) |
| cursor key (signs cursors) | OPERATOR | CURSOR-KEY | | | every door that pages |
| token keys (sign unsubscribe links) | OPERATOR | TOKEN-KEYS | | | unsubscribe, send |
| sending (the kill switch for all) | OPERATOR | SENDING | | | night, send |
| watched (an organization whose messages wait) | OPERATOR | WATCHED#o | | | the hourly schedule |
| due (next night of a shop) | DUE#shard | next_run_at#o#s | | | the hourly schedule |
| export due (next export of a shop) | DUE-EXPORT#shard | next_run_at#o#s | | | the hourly schedule |
| correction due (a shop that has some) | DUE-CORRECTION#shard | at#o#s | | | the hourly schedule |
| destination (of a partner's files) | OPERATOR | DESTINATION#partner | | | export |
| circuit (a partner's host that fails) | OPERATOR | CIRCUIT#host | | | export (expires) |
| resave (how far one has come) | OPERATOR | RESAVE#o, RESAVE# | | | operator's command |
| operator entry (one an organization) | OPERATOR | ORGANIZATION#o | | | operator's list |
| shop | o | SHOP#s | | | every door |
| member | o | MEMBER#sub | | | every door (roles) |
| fleet | o | FLEET#id | | | fleets |
| plate look-up terms (as accepted) | o | VIN-TERMS | | | vin |
| sending (its own kill switch) | o | SENDING | | | night, send |
| dispatch (whose messages go next) | o | DISPATCH | | | dispatch |
| stops (of a mailbox) | o#DEAD-EMAIL#hash | DEAD-EMAIL | o#BOUNCED: at#hash | | night, send, cases |
| written (to an e-mail address, the last time) | o#WRITTEN#hash | WRITTEN | | | contacts, cases |
| audit (of the organization) | o | AUDIT#at#id | | | audit |
| vehicle | o#s#c | CAR#id | | | customers |
| card (what a search hit shows) | o#s#c | CARD | | | search, candidates |
| cleanup (leftovers of a large save) | o#s#c | CLEANUP#id | | | the next save |
| customer | o#s#c | CUSTOMER | o#FLEET#fleet: s#c | | customers, link, history, fleets |
| repair order | o#s#c | RO#day#id | o#s#RO-OPENED: day#id | o#s#RO-INVOICED, RO-OPEN#status: day#id | days |
| jobs (done) | o#s#c | JOB#day#ro#job | | | job history |
| declined (job) | o#s#c | DECLINED#day#ro#job | | | declined history |
| inspections | o#s#c | INSPECTION#day#ro#id | | | inspection history |
| last done | o#s#c | DONE#vehicle#service, DONE#ROOT#job | | | "done since" |
| visits (the last of each vehicle, and the first) | o#s#c | VISITS | o#s#LAST-VISIT: day#c | | night |
| message | o#s#c | MESSAGE#id | o#s#MESSAGE: date#id | o#TO-SETTLE: at#id, o#s#c#MESSAGE: date#id | profile |
| slot (the one message of a day) | o#s#c | SLOT#date | | | send |
| appointment | o#s#c | APPOINTMENT#start#id | o#s#APPOINTMENT: start#id | o#s#c#address: start#id | profile |
| equipment | o#s#c | EQUIPMENT#address#id, REMOVED#EQUIPMENT#id | | | equipment, profile, imports |
| equipment job (done on it) | o#s#c | EQUIPMENT-JOB#equipment#day#ro#job | | | equipment's history |
| quote | o#s#c | QUOTE#address#status#day#id, REMOVED#QUOTE#id | o#s#c#QUOTE: day#id | | quotes, profile |
| note | o#s#c | NOTE#address#id, REMOVED#NOTE#id | | | profile |
| photo | o#s#c | PHOTO#address#day#id | | | profile |
| problem report | o#s#c | REPORT#id | o#s#REPORT: status#id | | the office's list |
| person (a contact) | o#s#c | PERSON#id | | | contacts, cases |
| case | o#s#c | SERVICE-CASE#id | o#s#CASE: status#opened_at#id | o#FLEET-CASE#fleet: opened_at#id | cases |
| case note | o#s#c | SERVICE-NOTE#case#id | | | cases |
| note mail (of a case note, to one) | o#s#c | SERVICE-MAIL#note#recipient | | | cases, notify |
| place (of what routes name by id, and imported vehicles) | o#s#id | PLACE | | | routes by id, imports |
| links (the set) | o#s#c | LINKS | | | link, history |
| link event | o#s#c | LINKEVENT#id | | | link events |
| linked by (hidden) | o#s#c | LINKEDBY#s'#c' | | | delete, merge, erase, copies |
| told (of an RO, to a partner) | o#s#c | TOLD#partner#ro#run | o#TOLD#vin: at#ro | | export, per VIN |
| erasing (whom, until nothing of them is left) | o#s#c | ERASING | | | privacy |
| audit (of the customer) | o#s#c | AUDIT#at#id | | | audit |
| idempotency (a key in use) | o#sub | IDEMPOTENCY#key | | | every write (expires) |
| import | o#s | IMPORT#id | | | imports |
| contact settings | o#s | CONTACT | | | campaigns, night |
| contact settings as they were | o#s | CONTACT-AT#at | | | replay, made-up days |
| template | o#s | TEMPLATE#kind | | | campaigns, send |
| campaign (where its nights stand) | o#s | CAMPAIGN | | | night |
| night (a run) | o#s | NIGHT#date | | | night, replay |
| batch (of postcards) | o#s | BATCH#date#number | | | postcards |
| partner settings | o#s | PARTNER#partner | | | partners, export |
| partners (which are on, the next export) | o#s | PARTNERS | | | every save of an RO, export |
| export (a run) | o#s | EXPORT#partner#date#number | | | export |
| correction (a vehicle whose ROs follow) | o#s | CORRECTION#vehicle | | | correction, export |
| pending (an RO that a partner must hear of) | o#s#PENDING#partner | RO#id | | | export |
| privacy request | o#s | PRIVACY#id | | | privacy |
| erased (or deleted: what people were told by) | o#s#ERASED#hash | ERASED | | | new customers, imports |
| gone (that some were deleted with an opt-out) | o#s | GONE | | | imports |
| newcomer (a customer taken in a moment ago) | o#NEWCOMER#hash | NEWCOMER | | | new customers (expires) |
| number (who bears it) | o#s#NUMBER | RO#number, APPOINTMENT#number, QUOTE#number | | | saves of these |
| source categories | o | SOURCE-CATEGORIES | | | sources |
| source (as spelled, and what it maps to) | o#s#SOURCES | SOURCE#id | | | sources, report |
| source settings | o#s#SOURCES | SETTINGS | | | sources, report |
| dismissal (of the notice, by a member) | o#s#SOURCES | DISMISSED#member | | | sources |
| spend (of a month, by source) | o#s#SOURCES | SPEND#month | | | report |
| month's counts (by source) | o#s#SOURCES | MONTH#month | | | report |
| day's counts (by source) | o#s#SOURCES | DAY#day | | | report, recount |
| brought (what a day did) | o#s#BROUGHT#day | VISIT#ro, SINCE#c, FIRST#c | | | recount |
| mark (of what is to be counted again) | o#s#RECOUNT | MARK#id | DUE-RECOUNT#shard: o#s | | recount |
| counter (last number of an RO, appointment or quote) | o#s | COUNTER#kind | | | numbers |
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, NamedTuple
from zlib import crc32

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef

TOP = "\U0010ffff"
"""Sorts after everything that follows a prefix."""


PLATFORM = frozenset({"OPERATOR", "DUE", "DUE-EXPORT", "DUE-CORRECTION", "DUE-RECOUNT"})
"""How partitions start that belong to no organization."""


class Key(NamedTuple):
    pk: str
    sk: str


def key_of(item: Mapping[str, Any]) -> Key:
    """Where an item that was read lies."""
    return Key(item["pk"], item["sk"])


sort_key_of = itemgetter("sk")
"""An item's sort key alone."""


def ids_of_partition(partition: str) -> tuple[str, str, str]:
    """Organization, shop and customer of a customer's partition."""
    organization_id, shop_id, customer_id = partition.split("#")
    return organization_id, shop_id, customer_id


def organization(organization_id: str) -> Key:
    return Key(organization_id, "ORGANIZATION")


def operator_entry(organization_id: str) -> Key:
    return Key("OPERATOR", f"ORGANIZATION#{organization_id}")


def resave(organization_id: str = "") -> Key:
    """Of one organization, or of all."""
    return Key("OPERATOR", f"RESAVE#{organization_id}")


def cursor_key() -> Key:
    return Key("OPERATOR", "CURSOR-KEY")


def shop(shop_ref: ShopRef) -> Key:
    return Key(shop_ref.organization_id, f"SHOP#{shop_ref.shop_id}")


def member(organization_id: str, member_id: str) -> Key:
    return Key(organization_id, f"MEMBER#{member_id}")


def shop_partition(shop_ref: ShopRef) -> str:
    return f"{shop_ref.organization_id}#{shop_ref.shop_id}"


def customer_partition(organization_id: str, ref: CustomerRef) -> str:
    return f"{organization_id}#{ref.shop_id}#{ref.customer_id}"


def customer(organization_id: str, ref: CustomerRef) -> Key:
    return Key(customer_partition(organization_id, ref), "CUSTOMER")


def card(organization_id: str, ref: CustomerRef) -> Key:
    return Key(customer_partition(organization_id, ref), "CARD")


FILE = ("CAR#", "CUSTOMER")
"""Sort keys, both included, between which a customer's vehicles, card, leftovers and itself stand."""


def vehicle(organization_id: str, ref: CustomerRef, vehicle_id: str) -> Key:
    return Key(customer_partition(organization_id, ref), vehicle_sk(vehicle_id))


def vehicle_sk(vehicle_id: str) -> str:
    return f"CAR#{vehicle_id}"


def dated(partition: str, prefix: str, date: str, *ids: str) -> Key:
    """A dated row of a customer: prefix `RO`, `JOB`, `DECLINED`, `INSPECTION`, `APPOINTMENT` or `AUDIT`."""
    return Key(partition, "#".join((prefix, date, *ids)))


def by_opening_day(shop_ref: ShopRef, opened_on: str, repair_order_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#RO-OPENED", f"{opened_on}#{repair_order_id}")


def by_invoice_day(shop_ref: ShopRef, invoiced_on: str, repair_order_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#RO-INVOICED", f"{invoiced_on}#{repair_order_id}")


def by_open_status(shop_ref: ShopRef, status: str, opened_on: str, repair_order_id: str) -> Key:
    """The key of an RO that is an estimate or in progress."""
    return Key(f"{shop_partition(shop_ref)}#RO-OPEN#{status}", f"{opened_on}#{repair_order_id}")


def by_appointment_time(shop_ref: ShopRef, starts_at: str, appointment_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#APPOINTMENT", f"{starts_at}#{appointment_id}")


def last_done(partition: str, vehicle_identity: str, service_key: str) -> Key:
    """The key of a vehicle's service, or with ("ROOT", job id) of the copies of a job."""
    return Key(partition, f"DONE#{vehicle_identity}#{service_key}")


def place(shop_ref: ShopRef, record_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#{record_id}", "PLACE")


def links(organization_id: str, ref: CustomerRef) -> Key:
    return Key(customer_partition(organization_id, ref), "LINKS")


def link_event(organization_id: str, ref: CustomerRef, event_id: str) -> Key:
    return Key(customer_partition(organization_id, ref), f"LINKEVENT#{event_id}")


LINKED_BY = "LINKEDBY#"


def linked_by(partition: str, shop_id: str, customer_id: str) -> Key:
    """The key under the target that says who may have linked to it."""
    return Key(partition, f"{LINKED_BY}{shop_id}#{customer_id}")


def cleanup(partition: str, cleanup_id: str) -> Key:
    return Key(partition, f"CLEANUP#{cleanup_id}")


def idempotency(organization_id: str, member_id: str, key: str) -> Key:
    return Key(f"{organization_id}#{member_id}", f"IDEMPOTENCY#{key}")


def import_run(shop_ref: ShopRef, import_id: str) -> Key:
    return Key(shop_partition(shop_ref), f"IMPORT#{import_id}")


def counter(shop_ref: ShopRef, kind: str) -> Key:
    return Key(shop_partition(shop_ref), f"COUNTER#{kind}")


def visits(organization_id: str, ref: CustomerRef) -> Key:
    return Key(customer_partition(organization_id, ref), "VISITS")


def by_last_visit(shop_ref: ShopRef, invoiced_on: str, customer_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#LAST-VISIT", f"{invoiced_on}#{customer_id}")


def message(organization_id: str, ref: CustomerRef, message_id: str) -> Key:
    return Key(customer_partition(organization_id, ref), f"MESSAGE#{message_id}")


def by_message_date(shop_ref: ShopRef, date: str, message_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#MESSAGE", f"{date}#{message_id}")


def to_settle(organization_id: str, at: str, message_id: str) -> Key:
    """Where a message stands until it is sent: the dispatcher and the reconciliation read it."""
    return Key(f"{organization_id}#TO-SETTLE", f"{at}#{message_id}")


def slot(organization_id: str, ref: CustomerRef, date: str) -> Key:
    return Key(customer_partition(organization_id, ref), f"SLOT#{date}")


def campaign_settings(shop_ref: ShopRef) -> Key:
    return Key(shop_partition(shop_ref), "CONTACT")


def campaign_settings_at(shop_ref: ShopRef, at: str) -> Key:
    return Key(shop_partition(shop_ref), f"CONTACT-AT#{at}")


def template(shop_ref: ShopRef, kind: str) -> Key:
    return Key(shop_partition(shop_ref), f"TEMPLATE#{kind}")


def campaign(shop_ref: ShopRef) -> Key:
    return Key(shop_partition(shop_ref), "CAMPAIGN")


def night(shop_ref: ShopRef, date: str) -> Key:
    return Key(shop_partition(shop_ref), f"NIGHT#{date}")


def batch(shop_ref: ShopRef, date: str) -> Key:
    return Key(shop_partition(shop_ref), f"BATCH#{date}")


def stops(organization_id: str, email_hash: str) -> Key:
    """email_hash: keyed, so that no personal value stands in a key outside its customer's collection."""
    return Key(f"{organization_id}#DEAD-EMAIL#{email_hash}", "DEAD-EMAIL")


def by_bounce(organization_id: str, at: str, email_hash: str) -> Key:
    """The key of stops among which a bounce stands. at: of the latest."""
    return Key(f"{organization_id}#BOUNCED", f"{at}#{email_hash}")


def newcomer(organization_id: str, hashed: str) -> Key:
    """hashed: of something that new customers are compared by, keyed."""
    return Key(f"{organization_id}#NEWCOMER#{hashed}", "NEWCOMER")


def number(shop_ref: ShopRef, kind: str, number: str) -> Key:
    """number: as it is compared."""
    return Key(f"{shop_partition(shop_ref)}#NUMBER", f"{kind}#{number}")


def token_keys() -> Key:
    return Key("OPERATOR", "TOKEN-KEYS")


def sending(organization_id: str = "") -> Key:
    """The kill switch of an organization, or of all."""
    return Key(organization_id or "OPERATOR", "SENDING")


def vin_terms(organization_id: str) -> Key:
    return Key(organization_id, "VIN-TERMS")


def dispatch(organization_id: str) -> Key:
    return Key(organization_id, "DISPATCH")


def watched(organization_id: str) -> Key:
    return Key("OPERATOR", f"WATCHED#{organization_id}")


DUE_SHARDS = 16


def shard_of(shop_id: str) -> int:
    """Where among the shards a shop's entries stand."""
    return crc32(shop_id.encode()) % DUE_SHARDS


def due_partition(what: str, shard: int) -> str:
    """what: see `due.Clockwork`."""
    return f"{what}#{shard}"


def due(what: str, shard: int, next_run_at: str, shop_ref: ShopRef) -> Key:
    return Key(due_partition(what, shard), f"{next_run_at}#{shop_partition(shop_ref)}")


def destination(partner: str) -> Key:
    return Key("OPERATOR", f"DESTINATION#{partner}")


def circuit(host: str) -> Key:
    return Key("OPERATOR", f"CIRCUIT#{host}")


def partner_settings(shop_ref: ShopRef, partner: str) -> Key:
    return Key(shop_partition(shop_ref), f"PARTNER#{partner}")


def partners(shop_ref: ShopRef) -> Key:
    return Key(shop_partition(shop_ref), "PARTNERS")


def export(shop_ref: ShopRef, partner: str, *run: str) -> Key:
    """run: the civil date and the number of a run; the start of both sorts before it."""
    return Key(shop_partition(shop_ref), "#".join(("EXPORT", partner, *run)))


def correction(shop_ref: ShopRef, vehicle_id: str) -> Key:
    return Key(shop_partition(shop_ref), f"CORRECTION#{vehicle_id}")


def pending(shop_ref: ShopRef, partner: str, repair_order_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#PENDING#{partner}", f"RO#{repair_order_id}")


def told(partition: str, partner: str, repair_order_id: str, *run: str) -> Key:
    return Key(partition, "#".join(("TOLD", partner, repair_order_id, *run)))


def told_of_vin(organization_id: str, vin: str, at: str, repair_order_id: str, partner: str) -> Key:
    """The key of an item in the customer's own collection, so that it goes with the customer."""
    return Key(f"{organization_id}#TOLD#{vin}", f"{at}#{repair_order_id}#{partner}")
