"""Organizations for the operator; shops, members and oneself for an organization's people."""

from functools import partial

from crossbay.app import organizations
from crossbay.aws.cognito import CognitoAccounts
from crossbay.domain.access import Action
from crossbay.domain.organization import Member, Organization, Shop
from crossbay.entry.answers import (
    AuditPage,
    Me,
    MemberList,
    OrganizationList,
    ShopList,
    TokenKeys,
    created,
    no_content,
    versioned,
)
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, IfMatch, Limit, Response
from crossbay.entry.organization_requests import (
    MemberFields,
    NewMember,
    NewOrganization,
    OrganizationChange,
    ShopFields,
)
from crossbay.settings import settings
from crossbay.store import audit, keys
from crossbay.store import organizations as store
from crossbay.store.shops import list_shops as shops_of

door = Door("organizations")
app = door.app
lambda_handler = door.handler


def accounts() -> CognitoAccounts:
    return CognitoAccounts(settings().require("user_pool_id").user_pool_id)


@app.get("/me", tags=["organization"], summary="Who I am and what I reach")
def read_signed_in_member() -> Me:
    """The member, its organization and the shops that it reaches; or that it is the operator."""
    caller = door.caller_or_operator()
    if caller is None:
        return Me(member=None, organization=None, shops=(), is_operator=True)
    shops = shops_of(door.reads, caller.organization.id)
    reached = tuple(shop for shop in shops if caller.reaches(shop.id))
    return Me(
        member=caller.member,
        organization=caller.organization,
        shops=reached,
        is_operator=door.is_operator,
    )


@app.post("/organizations", tags=["operator"], summary="Make an organization", status_code=201)
def create_organization(
    body: NewOrganization, idempotency_key: IdempotencyKey = None
) -> Response[Organization]:
    """Its first dealer admin is invited by e-mail.

    409: The admin's e-mail is another organization's already.
    """
    stamp = door.operator_stamp(idempotency_key)
    draft = body.onto(Organization(id="", name=body.name))

    def act() -> tuple[str, ...]:
        made = organizations.found_organization(door.reads, accounts(), draft, body.admin_email, stamp=stamp)
        return (made.id,)

    (organization_id,) = door.once(stamp, act)
    organization = store.read_organization(door.reads, organization_id)
    return created(organization, f"/organizations/{organization_id}", organization.version)


@app.get("/organizations", tags=["operator"], summary="List the organizations")
def list_organizations() -> OrganizationList:
    """They come with the features that each has."""
    door.operator_stamp(None)
    ids = store.list_organization_ids(door.reads)
    return OrganizationList(organizations=tuple(store.read_organization(door.reads, one) for one in ids))


@app.get("/organizations/<organization_id>", tags=["operator"], summary="Read an organization")
def read_organization(organization_id: Id) -> Response[Organization]:
    """It comes with its features."""
    door.operator_stamp(None)
    organization = store.read_organization(door.reads, organization_id)
    return versioned(organization, organization.version)


@app.patch("/organizations/<organization_id>", tags=["operator"], summary="Change an organization")
def change_organization(
    organization_id: Id,
    body: OrganizationChange,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Organization]:
    """The name, the features that are switched on, and one more dealer admin where the first can't help.

    409: The admin's e-mail is another organization's already.
    """
    stamp = door.operator_stamp(idempotency_key)

    door.change(
        stamp,
        if_match,
        partial(organizations.change_organization, door.reads, organization_id, body.onto, stamp=stamp),
    )
    if body.admin_email:
        organizations.appoint_admin(door.reads, accounts(), organization_id, body.admin_email, stamp=stamp)
    organization = store.read_organization(door.reads, organization_id)
    return versioned(organization, organization.version)


@app.post("/token-keys", tags=["operator"], summary="Sign customers' links with a new key")
def add_token_key(idempotency_key: IdempotencyKey = None) -> TokenKeys:
    """Links that went out before keep working."""
    stamp = door.operator_stamp(idempotency_key)
    (count,) = door.once(stamp, lambda: (str(organizations.add_token_key(door.reads, stamp=stamp)),))
    return TokenKeys(count=int(count))


@app.post("/shops", tags=["organization"], summary="Add a shop", status_code=201)
def create_shop(body: ShopFields, idempotency_key: IdempotencyKey = None) -> Response[Shop]:
    """A shop has its contact card, country, time zone and hours."""
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Shop(id="", organization_id=caller.organization.id, business_name=""))
    (shop_id,) = door.once(stamp, lambda: (organizations.create_shop(draft, stamp=stamp).id,))
    shop = store.read_shop(door.reads, caller.shop_ref(shop_id))
    return created(shop, f"/shops/{shop_id}", shop.version)


@app.get("/shops", tags=["organization"], summary="List the organization's shops")
def list_shops() -> ShopList:
    """All of them, also those that the member does not reach."""
    caller = door.caller()
    return ShopList(shops=shops_of(door.reads, caller.organization.id))


@app.get("/shops/<shop_id>", tags=["organization"], summary="Read a shop")
def read_shop(shop_id: Id) -> Response[Shop]:
    """Any of the organization."""
    caller = door.caller()
    shop = store.read_shop(door.reads, caller.shop_ref(shop_id))
    return versioned(shop, shop.version)


@app.patch("/shops/<shop_id>", tags=["organization"], summary="Change a shop")
def change_shop(
    shop_id: Id,
    body: ShopFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Shop]:
    """Only the fields that are sent change."""
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)

    shop_ref = caller.shop_ref(shop_id)
    door.change(
        stamp, if_match, partial(organizations.change_shop, door.reads, shop_ref, body.onto, stamp=stamp)
    )
    shop = store.read_shop(door.reads, caller.shop_ref(shop_id))
    return versioned(shop, shop.version)


@app.post("/members", tags=["organization"], summary="Invite a member", status_code=201)
def create_member(body: NewMember, idempotency_key: IdempotencyKey = None) -> Response[Member]:
    """They get an e-mail with a first password, and their roles at once.

    409: Someone with this e-mail is a member already, of this organization or another.
    """
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Member(id="", organization_id=caller.organization.id, email=body.email))
    (member_id,) = door.once(
        stamp, lambda: (organizations.create_member(door.reads, accounts(), draft, stamp=stamp).id,)
    )
    member = store.read_member(door.reads, caller.organization.id, member_id)
    return created(member, f"/members/{member_id}", member.version)


@app.get("/members", tags=["organization"], summary="List the members")
def list_members() -> MemberList:
    """The answer has roles, shops and fleets."""
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    return MemberList(members=store.list_members(door.reads, caller.organization.id))


@app.get("/members/<member_id>", tags=["organization"], summary="Read a member")
def read_member(member_id: Id) -> Response[Member]:
    """The answer has roles, shops and fleets."""
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    member = store.read_member(door.reads, caller.organization.id, member_id)
    return versioned(member, member.version)


@app.patch("/members/<member_id>", tags=["organization"], summary="Change a member's roles and shops")
def change_member(
    member_id: Id,
    body: MemberFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Member]:
    """Takes effect within a minute.

    409: This is the organization's last dealer admin.
    """
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id, member_id)
    door.change(
        stamp, if_match, partial(organizations.change_member, door.reads, *ids, body.onto, stamp=stamp)
    )
    member = store.read_member(door.reads, caller.organization.id, member_id)
    return versioned(member, member.version)


@app.delete("/members/<member_id>", tags=["organization"], summary="Remove a member", status_code=204)
def remove_member(
    member_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[None]:
    """Access ends within a minute, whatever their token says.

    409: This is the organization's last dealer admin.
    """
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id, member_id)
    door.change(
        stamp, if_match, partial(organizations.remove_member, door.reads, accounts(), *ids, stamp=stamp)
    )
    return no_content()


@app.get("/audit", tags=["organization"], summary="Who changed the organization")
def list_organization_audit(limit: Limit = 20, cursor: Cursor = None) -> AuditPage:
    """Newest first: the organization with its features, its shops and its members."""
    caller = door.caller(Action.READ_AUDIT)
    partition = keys.organization(caller.organization.id).pk
    after = door.position(caller, cursor)
    entries, following = audit.read_entries(door.reads, partition, limit=limit, after=after)
    return AuditPage(entries=entries, next=door.cursor(caller, following))
