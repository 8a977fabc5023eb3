"""Partners set up and tried out, their files asked about, history files and settlements started."""

from functools import partial
from typing import Annotated

from crossbay.app.exports import partners
from crossbay.app.exports import views as export_views
from crossbay.app.exports.deliver import credential_of, place_of
from crossbay.app.exports.views import DryRun, ExportView
from crossbay.aws.s3 import Bucket
from crossbay.aws.secrets import Secrets
from crossbay.aws.sqs import Queue
from crossbay.domain.access import Action, Caller
from crossbay.domain.partner import TERMS, Destination, PartnerCode
from crossbay.domain.vin.vin import normalize_vin
from crossbay.entry.answers import versioned
from crossbay.entry.exports.answers import (
    ConnectionTest,
    DestinationList,
    DestinationSetup,
    ExportPage,
    LeftOutPage,
    PartnerList,
    PartnerSetup,
    ToldPage,
)
from crossbay.entry.exports.requests import (
    CarfaxInput,
    ConnectionTestInput,
    CustomerLinkInput,
    DestinationInput,
    HistoryFileInput,
    MechanicNetInput,
    SettlementInput,
)
from crossbay.entry.fields import Day
from crossbay.entry.http import (
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    Path,
    Query,
    Response,
)
from crossbay.errors import BadInput, Conflict
from crossbay.exports.run import ExportRun
from crossbay.exports.settings_check import require_own_password, require_testable
from crossbay.settings import settings
from crossbay.store.exports.exports import list_exports, list_told_of_vin, read_export
from crossbay.store.exports.partners import read_destination, read_partner_settings
from crossbay.store.organizations import read_shop

door = Door("exporters")
app = door.app
lambda_handler = door.handler

SHOP = "/shops/<shop_id>/partners"

_FORM_AS_SAVED = ConnectionTestInput()
EXPORTS = f"{SHOP}/<partner>/exports"
EXPORT = f"{EXPORTS}/<day>/<number>"
DESTINATION = "/operator/partner-destinations"
CONNECT_LIMIT_S, ANSWER_LIMIT_S = 5, 8
"""Of a connection test, which Lambda ends after 25 seconds; FTPS may take an answer's twice."""
Number = Annotated[int, Path(ge=1, le=9999, description="Of that day's files; the night's is 1.")]
Vin = Annotated[str, Query(min_length=1, max_length=40, description="As the file had it.")]


# ---- a shop's settings


@app.get(SHOP, tags=["partners"], summary="A shop's partners")
def list_partners(shop_id: Id) -> PartnerList:
    """Each at version 0, and off, until settings are saved."""
    caller = door.caller(Action.READ_PARTNERS, shop_id)
    found = partners.list_partner_settings(door.reads, caller.shop_ref(shop_id))
    ours = [read_destination(door.reads, kept.partner) for kept in found]
    return PartnerList(partners=tuple(map(PartnerSetup.of, found, ours)))


@app.put(f"{SHOP}/customerlink", tags=["partners"], summary="Set CustomerLink up")
def save_customerlink(
    shop_id: Id, body: CustomerLinkInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[PartnerSetup]:
    """The whole set-up: what isn't sent goes back to its default. The first time, `If-Match` is `"0"`."""
    accepted = TERMS[PartnerCode.CUSTOMERLINK].version if body.confirmed else None
    change = partners.PartnerChange(
        edit=body.onto,
        password=body.password,
        accepted=accepted,
        accepts_plain_ftp=body.accept_plain_ftp,
    )
    return _save(shop_id, PartnerCode.CUSTOMERLINK, change, if_match, idempotency_key)


@app.put(f"{SHOP}/mechanicnet", tags=["partners"], summary="Set MechanicNET up")
def save_mechanicnet(
    shop_id: Id, body: MechanicNetInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[PartnerSetup]:
    """The shop's id is the one that MechanicNET gave it."""
    change = partners.PartnerChange(edit=body.onto)
    return _save(shop_id, PartnerCode.MECHANICNET, change, if_match, idempotency_key)


@app.put(f"{SHOP}/carfax", tags=["partners"], summary="Set CARFAX up")
def save_carfax(
    shop_id: Id, body: CarfaxInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[PartnerSetup]:
    """It is on only once the terms are accepted; who did, which version and when is kept."""
    change = partners.PartnerChange(edit=body.onto, accepted=body.accept_terms)
    return _save(shop_id, PartnerCode.CARFAX, change, if_match, idempotency_key)


def _save(
    shop_id: str,
    partner: PartnerCode,
    change: partners.PartnerChange,
    if_match: str | None,
    idempotency_key: str | None,
) -> Response[PartnerSetup]:
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), partner)
    door.change(
        stamp,
        if_match,
        partial(
            partners.save_partner_settings,
            door.reads,
            _vault(),
            *ids,
            change,
            stamp=stamp,
            lets_active=_lets_active(),
        ),
    )
    kept = read_partner_settings(door.reads, caller.shop_ref(shop_id), partner)
    return versioned(PartnerSetup.of(kept, read_destination(door.reads, partner)), kept.version)


@app.post(f"{SHOP}/<partner>/connection-test", tags=["partners"], summary="Try a partner's server out")
def try_partner_connection(
    shop_id: Id, partner: PartnerCode, body: ConnectionTestInput = _FORM_AS_SAVED
) -> ConnectionTest:
    """Signs in, and writes, renames and removes a small file. What fails is told in plain words.

    A new SFTP server's key is in the answer: compare it with what the partner says, then save it.

    409: The partner isn't set up for this shop, so there is nothing to try.
    """
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    kept = read_partner_settings(door.reads, caller.shop_ref(shop_id), partner)
    if body.server and partner is not PartnerCode.CUSTOMERLINK:
        raise BadInput("This partner's server is set by the operator.", fields={"server": "leave it out"})
    if body.server:
        require_testable(body.destination(), lets_active=_lets_active())
        if body.password is None:
            require_own_password(kept, body.destination())
        return _checked(body.destination(), kept.secret, body.password)
    place = place_of(door.reads, kept)
    if place is None:
        raise Conflict("There is no server to try yet. Of MechanicNET and CARFAX the operator sets it.")
    return _checked(*place, None)


@app.post(f"{SHOP}/<partner>/dry-run", tags=["partners"], summary="See tonight's file first")
def try_partner_export(shop_id: Id, partner: PartnerCode) -> DryRun:
    """It is made as it would be now: the file, what it leaves out and why, what was told before. Sends
    nothing.
    """
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    shop = read_shop(door.reads, caller.shop_ref(shop_id))
    return export_views.dry_run(door.reads, _bucket(), shop, partner, now=door.now())


# ---- files


@app.get(EXPORTS, tags=["partners"], summary="A partner's files")
def list_partner_exports(
    shop_id: Id, partner: PartnerCode, limit: Limit = 20, cursor: Cursor = None
) -> ExportPage:
    """Newest first."""
    caller = door.caller(Action.READ_PARTNERS, shop_id)
    ids, after = (caller.shop_ref(shop_id), partner), door.position(caller, cursor)
    runs, following = list_exports(door.reads, *ids, limit=limit, after=after)
    views = tuple(export_views.summary(run) for run in runs)
    return ExportPage(exports=views, next=door.cursor(caller, following))


@app.post(EXPORTS, tags=["partners"], summary="Make a history file", status_code=202)
def make_partner_history_file(
    shop_id: Id, partner: PartnerCode, body: HistoryFileInput, idempotency_key: IdempotencyKey = None
) -> Response[ExportView]:
    """Once, of what was invoiced on these days and not told before; delivered like a night's file.

    409: The partner is switched off for this shop, or another history file is still under way.
    """
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    shop = read_shop(door.reads, caller.shop_ref(shop_id))

    def act() -> tuple[str, ...]:
        run = export_views.begin_history(
            door.reads, shop, partner, body.first, body.last, stamp=stamp, enqueue=_queue().send
        )
        return run.date, str(run.number)

    day, number = door.once(stamp, act)
    run = read_export(door.reads, caller.shop_ref(shop_id), partner, day, int(number))
    location = f"/shops/{shop_id}/partners/{partner.value}/exports/{day}/{number}"
    return Response(202, "application/json", export_views.summary(run), headers={"Location": location})


@app.get(EXPORT, tags=["partners"], summary="A file as it was sent")
def read_partner_export(shop_id: Id, partner: PartnerCode, day: Day, number: Number) -> ExportView:
    """It comes with links to the file, byte for byte, and to its certificate."""
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    return export_views.view(_bucket(), _run(caller, shop_id, partner, day, number))


@app.get(f"{EXPORT}/left-out", tags=["partners"], summary="What a file leaves out, and why")
def list_export_rows_left_out(
    shop_id: Id,
    partner: PartnerCode,
    day: Day,
    number: Number,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> LeftOutPage:
    """Row by row, with the reason and what to mend."""
    caller = door.caller(Action.READ_PARTNERS, shop_id)
    skip, run = door.position(caller, cursor) or 0, _run(caller, shop_id, partner, day, number)
    found, following = export_views.list_left_out(door.reads, _bucket(), run, limit=limit, skip=skip)
    return LeftOutPage(left_out=found, next=door.cursor(caller, following))


@app.post(f"{EXPORT}/settlement", tags=["partners"], summary="Say what became of an uncertain file")
def settle_partner_export(
    shop_id: Id,
    partner: PartnerCode,
    day: Day,
    number: Number,
    body: SettlementInput,
    idempotency_key: IdempotencyKey = None,
) -> ExportView:
    """Ask the partner first. Not delivered: its repair orders are told again by the next file.

    409: The file isn't uncertain, so there is nothing to settle.
    """
    caller = door.caller(Action.MANAGE_PARTNERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        run = _run(caller, shop_id, partner, day, number)
        enqueue = _queue().send
        export_views.settle_uncertain(door.reads, run, delivered=body.delivered, stamp=stamp, enqueue=enqueue)
        return (day,)

    door.once(stamp, act)
    return export_views.summary(_run(caller, shop_id, partner, day, number))


@app.get("/partner-tellings", tags=["partners"], summary="What partners were told of a vehicle")
def list_vehicle_tellings(vin: Vin, limit: Limit = 20, cursor: Cursor = None) -> ToldPage:
    """They are of any shop that the caller reaches, newest first, each with its very row. A page may be
    short.
    """
    caller = door.caller(Action.READ_PARTNERS)
    after = door.position(caller, cursor)
    ids = (caller.organization.id, normalize_vin(vin))
    found, following = list_told_of_vin(door.reads, *ids, limit=limit, after=after)
    bucket = _bucket()
    told = tuple(
        export_views.told_row(door.reads, bucket, caller.organization.id, one)
        for one in found
        if caller.reaches(one.shop_id)
    )
    return ToldPage(told=told, next=door.cursor(caller, following))


# ---- the deployment's destinations


@app.get(DESTINATION, tags=["operator"], summary="Where partners' files go")
def list_partner_destinations() -> DestinationList:
    """They are the deployment's: CARFAX and MechanicNET have one for all shops."""
    door.operator_stamp(None)
    found = (read_destination(door.reads, partner) for partner in _OURS)
    return DestinationList(destinations=tuple(map(DestinationSetup.of, found)))


@app.put(f"{DESTINATION}/<partner>", tags=["operator"], summary="Set where a partner's files go")
def save_partner_destination(
    partner: PartnerCode,
    body: DestinationInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[DestinationSetup]:
    """It is that of all shops. CustomerLink's stands with each shop.

    404: No such partner.
    409: CustomerLink's server is set in each shop.
    """
    stamp = door.operator_stamp(idempotency_key)
    if partner not in _OURS:
        raise Conflict("CustomerLink's server is set in each shop.")

    door.change(
        stamp,
        if_match,
        partial(
            partners.save_destination,
            door.reads,
            _vault(),
            partner,
            body.onto,
            credential=body.credential(),
            accepts_plain_ftp=body.accept_plain_ftp,
            stamp=stamp,
            lets_active=_lets_active(),
        ),
    )
    kept = read_destination(door.reads, partner)
    return versioned(DestinationSetup.of(kept), kept.version)


@app.post(f"{DESTINATION}/<partner>/connection-test", tags=["operator"], summary="Try a destination out")
def try_partner_destination(partner: PartnerCode, body: DestinationInput) -> ConnectionTest:
    """What is sent, or without `server` what is saved.

    404: No such partner.
    409: There is no destination to try yet.
    """
    door.operator_stamp(None)
    kept = read_destination(door.reads, partner)
    if body.server:
        require_testable(body.destination(), lets_active=_lets_active())
        return _checked(body.destination(), "", body.password, body.private_key)
    if not kept.version:
        raise Conflict("There is no destination to try yet.")
    return _checked(kept.destination, kept.secret, None)


_OURS = (PartnerCode.MECHANICNET, PartnerCode.CARFAX)


def _run(caller: Caller, shop_id: str, partner: PartnerCode, day: str, number: int) -> ExportRun:
    return read_export(door.reads, caller.shop_ref(shop_id), partner, day, number)


def _checked(
    destination: Destination, secret: str, password: str | None, private_key: str | None = None
) -> ConnectionTest:
    from crossbay.transfer.check import check  # and with it paramiko, for this call alone
    from crossbay.transfer.folder import Credential
    from crossbay.transfer.hosts import Hosts

    given = password is not None or private_key is not None
    credential = Credential(password=password or "", private_key=private_key or "")
    if secret and not given:
        credential = credential_of(Secrets(), secret)
    found = check(
        destination,
        credential,
        Hosts.listed(settings().partner_hosts),
        connect_limit_s=CONNECT_LIMIT_S,
        answer_limit_s=ANSWER_LIMIT_S,
    )
    return ConnectionTest(ok=found.ok, code=found.code, message=found.message, host_key=found.host_key)


def _lets_active() -> bool:
    return settings().partner_active_mode == "on"


def _vault() -> partners.Vault:
    return partners.Vault(secrets=Secrets(), prefix=settings().require("secrets_prefix").secrets_prefix)


def _bucket() -> Bucket:
    return Bucket(settings().require("files_bucket").files_bucket)


def _queue() -> Queue:
    return Queue(settings().require("export_queue_url").export_queue_url)
