"""What `make run` prints in the end: where everything is, how to sign in, and lines to paste."""

import shlex
from datetime import date
from urllib.parse import quote_plus

from crossbay.domain.calendar import months_later
from local import members
from local.deploy import REGION, Deployment
from local.emulator import ROOT
from local.example import Example, mistyped
from local.partners.servers import PartnerServers
from local.seed import Seeded, demo_of_today
from local.vin_providers.server import VinProviders


def tour(
    deployment: Deployment,
    seeded: Seeded,
    mailbox_url: str,
    providers: VinProviders,
    partners: PartnerServers,
) -> str:
    """The text of the tour. Its lines work in any POSIX shell with make, curl, python3 and sftp."""
    parts = [_addresses(deployment, seeded, mailbox_url), _sign_in(deployment, seeded.advisor_email)]
    if seeded.example is not None:
        parts += [
            _walk(seeded.example),
            _profile(),
            _sources(seeded, demo_of_today().today),
            _vins(providers),
        ]
    parts.append(_partners(partners))
    return "\n".join(parts)


def _addresses(deployment: Deployment, seeded: Seeded, mailbox_url: str) -> str:
    return f"""
Crossbay is up, on this machine only. Ctrl-C stops it and keeps the data.

  API             {deployment.api_url}
  Documentation   {deployment.api_url}/docs
  Mailbox         {mailbox_url}  (all mail that Crossbay sends; `make night` sends some)
  AWS services    {deployment.endpoint}  (any key, region {REGION})

  Everybody's password is {members.DEMO_PASSWORD}
  {seeded.advisor_email:<44} advisor of one shop
  {seeded.fleet_user_email or "-":<44} fleet user: GET /fleet/cases
  {seeded.admin_email:<44} dealer admin of the organization
  {seeded.other_admin_email:<44} dealer admin of the other organization
  {seeded.operator_email:<44} operator
"""


def _sign_in(deployment: Deployment, email: str) -> str:
    return f"""Sign in as the advisor, in another terminal:

  cd {shlex.quote(str(ROOT))}
  API={deployment.api_url}
  sign_in() {{ curl -s {deployment.endpoint} \\
    -H 'Content-Type: application/x-amz-json-1.1' \\
    -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \\
    -d '{{"ClientId": "{deployment.client_id}", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters":
         {{"USERNAME": "'"$1"'", "PASSWORD": "{members.DEMO_PASSWORD}"}}}}' \\
    | sed 's/.*"IdToken": *"\\([^"]*\\)".*/\\1/'; }}
  TOKEN=$(sign_in {email})
  api() {{ curl -s -H "Authorization: $TOKEN" -H 'Content-Type: application/json' "$@"; }}
  pick() {{ python3 -c "import json, sys; d = json.load(sys.stdin); print($1)"; }}
  api $API/me | python3 -m json.tool
"""


def _walk(example: Example) -> str:
    name = f"{example.first_name} {example.last_name}"
    typo = f"{example.first_name} {mistyped(example.last_name)}"
    return f"""Find {name}, here and (mistyped) in every shop; see who may be the same person; link the two:

  SHOP=$API/shops/{example.shop_id}
  CUSTOMER=$SHOP/customers/{example.customer_id}
  api "$SHOP/search?text={quote_plus(name)}" | python3 -m json.tool
  api "$SHOP/search?text={quote_plus(typo)}&scope=organization" | python3 -m json.tool
  api $CUSTOMER/candidates | python3 -m json.tool
  api $CUSTOMER/links -d '{{"reason": "asked at the counter", "customers": [
    {{"shop_id": "{example.other_shop_id}", "customer_id": "{example.other_customer_id}"}}]}}'

One history: what was declined, and what of it was done since, wherever; then what another shop's customer
declined and nobody did, on a new repair order for the car:

  api $CUSTOMER/history/declined | pick '"\\n".join(
    row["date"] + "  " + row["shop_name"] + "  " + row["title"] + ("" if not row["done_since"] else
    ", DONE SINCE " + row["done_since"]["invoiced_on"] + "  " + row["done_since"]["shop_name"])
    for row in d["rows"])'
  JOB=$(api $CUSTOMER/history/declined | pick 'json.dumps(next(
    {{k: row[k] for k in ("shop_id", "repair_order_id", "item_id")}}
    for row in d["rows"] if row["shop_id"] == "{example.other_shop_id}" and not row["done_since"]))')
  CAR=$(api $CUSTOMER/vehicles | pick 'd["vehicles"][0]["id"]')
  ORDER=$SHOP/repair-orders/$(api $SHOP/repair-orders -d '{{"customer_id": "{example.customer_id}",
    "vehicle_id": "'$CAR'"}}' | pick 'd["id"]')
  api $ORDER/copies -d "$JOB" | python3 -m json.tool
"""


def _profile() -> str:
    """Shows the profile of the customer that the walk found."""
    return """The same customer on one page, a note for the next technician, a photo to open in a browser:

  api $CUSTOMER/profile | python3 -m json.tool
  api $CUSTOMER/notes -d '{"text": "Key is under the mat"}' | pick '(d["text"], d["author_name"])'
  api $CUSTOMER/profile | pick '[photo["picture"]["large_url"]
    for day in d["photos"]["days"] for photo in day["photos"]][0]'
"""


def _sources(seeded: Seeded, today: date) -> str:
    """Shows sources as the advisor, then as the dealer admin, who may read the report."""
    period = f"{months_later(today.isoformat(), -36)[:7]}-01", today.isoformat()
    return f"""Who is here today without a known source; as the dealer admin, what sources bring and cost:

  api $SHOP/vehicles-of-day | pick '(d["notice"], [(one["customer"]["display_name"], one["customer"]["mark"])
    for one in d["vehicles"] if one["customer"]["mark"]])'
  OWNER=$(sign_in {seeded.admin_email})
  owner() {{ curl -s -H "Authorization: $OWNER" -H 'Content-Type: application/json' "$@"; }}
  owner "$SHOP/source-report?first={period[0]}&last={period[1]}" | python3 -m json.tool
  owner $SHOP/source-charts -d '{{"first": "{period[0]}", "last": "{period[1]}"}}' \\
    | pick '[(one["description"], one["png_url"]) for one in d["charts"]]'
"""


def _vins(providers: VinProviders) -> str:
    """A plate of one car, one of two, and a VIN with an O for its zero."""
    vins = providers.cars.vins
    plates = [next(plate for plate, found in vins.items() if len(found) == cars) for cars in (1, 2)]
    one, two = (f'{{"plate": "{plate}", "plate_region": "{region}"}}' for plate, region in plates)
    vin = next(vin for vin in providers.cars.vehicles if "0" in vin)
    return f"""A plate's VIN with the card to fill, a plate of two cars, and a VIN that was mistyped:

  api $SHOP/plate-lookups -d '{one}' | python3 -m json.tool
  api $SHOP/plate-lookups -d '{two}' | pick '[(car["vin"], car["vehicle"]) for car in d["vins"]]'
  api "$SHOP/vin-check?vin={vin.replace("0", "O", 1)}" | python3 -m json.tool
"""


def _partners(servers: PartnerServers) -> str:
    """Each server's folder, and the way in."""
    sftp, ftps = servers.sftp.destination, servers.ftps.destination
    folder = servers.sftp.folder.parent.parent.relative_to(ROOT)
    return f"""A night's files for partners, and what lies there then: CARFAX's by SFTP, the others' by FTPS:

  make export
  ls -l {folder}/*/files
  echo ls -l | SSH_ASKPASS=$PWD/{folder}/sftp/say_password SSH_ASKPASS_REQUIRE=force \\
    sftp -q -P {sftp.port} -o UserKnownHostsFile={folder}/known_hosts {sftp.user_name}@{sftp.server}
  curl -s --ssl-reqd --cacert {folder}/ftps/authority.pem \\
    --user {ftps.user_name}:{servers.ftps.password} ftp://{ftps.server}:{ftps.port}/
"""
