"""The demo's partners, through the API alone: where files go, what each shop has set up."""

from dataclasses import asdict
from typing import Any

from crossbay.domain.partner import TransferProtocol
from local.client import Client, checked
from local.emulator import LOOPBACK
from local.partners.servers import PartnerServers

_DESTINATIONS = "/operator/partner-destinations"
_FIRST = {
    "customerlink": TransferProtocol.FTPS,
    "mechanicnet": TransferProtocol.FTPS,
    "carfax": TransferProtocol.SFTP,
}
"""Each partner's server, until somebody chooses another."""


def set_destinations(operator: Client, servers: PartnerServers) -> None:
    """MechanicNET's and CARFAX's, for all shops."""
    for kept in checked(operator("GET", _DESTINATIONS))["destinations"]:
        if place := _place(kept, servers):
            _save(operator, f"{_DESTINATIONS}/{kept['partner']}", kept, place)


def switch_partners_on(admin: Client, shop: dict[str, Any], servers: PartnerServers) -> None:
    """Each on that the shop has never decided about."""
    path, key = f"/shops/{shop['id']}/partners", shop["key"]
    kept = {one["partner"]: one for one in checked(admin("GET", path))["partners"]}
    link, net, carfax = (kept[name] for name in _FIRST)
    if place := _place(link, servers):
        set_up = {"is_on": True, "account_number": f"CL-{key}"}
        if link["version"]:
            set_up = {"is_on": link["is_on"], "account_number": link["account"]}
        _save(admin, f"{path}/customerlink", link, {**set_up, "confirmed": True, **place})
    if not net["version"]:
        _save(admin, f"{path}/mechanicnet", net, {"is_on": True, "shop_number": f"MN-{key}"})
    if not carfax["version"]:
        terms = carfax["terms"]["version"]
        _save(admin, f"{path}/carfax", carfax, {"is_on": True, "accept_terms": terms})


def _place(kept: dict[str, Any], servers: PartnerServers) -> dict[str, Any]:
    """What to save so that files reach the partner's server: it may listen on other ports than the last time.

    Empty where they reach it already, or where somebody lets them go elsewhere.
    """
    known, is_new = kept["destination"], not kept["version"]
    if not is_new and known["server"] != LOOPBACK:
        return {}
    running = {one.destination.protocol: one for one in (servers.sftp, servers.ftp, servers.ftps)}
    server = running[_FIRST[kept["partner"]] if is_new else TransferProtocol(known["protocol"])]
    now = asdict(server.destination)
    if all(known[name] == now[name] for name in ("server", "port", "host_key", "ca_certificate")):
        return {}
    chosen = {} if is_new else {name: known[name] for name in ("directory", "passive", "write_only")}
    return {**now, **chosen, "password": server.password}


def _save(client: Client, path: str, kept: dict[str, Any], body: dict[str, Any]) -> None:
    checked(client("PUT", path, body=body, headers={"If-Match": f'"{kept["version"]}"'}))
