"""The words that points of sale write for nothing, for yes and no, and for what our records can be."""

import re
from collections.abc import Mapping
from enum import StrEnum

from crossbay.domain.customers.customer import ConsentBasis, CustomerKind, Taxability
from crossbay.domain.quote import QuoteStatus
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.domain.work.repair_order import Authorization, Rating, RepairOrderStatus

_NOTHING = frozenset(
    {
        *(
            "null",
            "\\n",
            "\\0",
            "nil",
            "none",
            "nan",
            "na",
            "n/a",
            "n.a.",
            "n.a",
            "n\\a",
            "undefined",
            "nothing",
        ),
        *("#n/a", "#na", "#null!", "#null", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#error!"),
        *(
            "not applicable",
            "not available",
            "not provided",
            "not given",
            "not specified",
            "no data",
            "no value",
        ),
        *("blank", "empty", "dbnull", "none given", "none provided", "no info", "nobody"),
    }
)
_ALSO_NAMES = frozenset({"null", "nil", "none", "nan", "na"})
"""People are called so: Jennifer Null, Nil Soler, Nan Goldin, Na Li."""

_ONLY_MARKS = re.compile(r"[\s\-\u2010-\u2015_.,;:/\\*?#~'\"`^|=+<>()\[\]{}]+")
_BRACKETS = re.compile(r"^[(<\[{](.*)[)>\]}]$", re.DOTALL)

_YES = frozenset(
    {
        *(
            "yes",
            "y",
            "true",
            "t",
            "1",
            "-1",
            "x",
            "on",
            "checked",
            "set",
            "si",
            "oui",
            "1.0",
            "\u2713",
            "\u2714",
        ),
        *("do not mail", "do not contact", "do not email", "dnm", "dnc", "no mail", "no email", "no contact"),
        *("opt out", "opted out", "optout", "unsubscribed", "unsubscribe", "never", "stop", "blocked"),
    }
)
_NO = frozenset(
    {
        *("no", "n", "false", "f", "0", "off", "unchecked", "not set", "non", "0.0", ""),
        *(
            "ok",
            "ok to mail",
            "ok to contact",
            "mail ok",
            "opt in",
            "opted in",
            "optin",
            "subscribed",
            "allowed",
        ),
    }
)

_MEANINGS: Mapping[type[StrEnum], Mapping[str, str]] = {
    CustomerKind: {
        "person": (
            "individual retail residential private consumer people personal household family homeowner b2c"
            " non_commercial retail_customer residential_customer private_customer individual_customer"
        ),
        "fleet": (
            "fleets commercial business company corporate corporation organization organisation institution"
            " government municipal municipality wholesale trade b2b fleet_account fleet_customer"
            " commercial_account commercial_customer business_account business_customer corporate_account"
        ),
    },
    Taxability: {
        "taxable": "yes y true t 1 tax taxed standard full",
        "exempt": "no n false f 0 nontaxable non_taxable tax_exempt not_taxable exempted no_tax untaxed",
    },
    ConsentBasis: {
        "express": "explicit opted_in opt_in optin written expressed",
        "implied": "implicit inferred tacit",
        "none": "no n false f 0 refused declined denied opted_out opt_out optout withdrawn revoked",
    },
    RepairOrderStatus: {
        "estimate": "estimated est quote quoted draft estimating",
        "in_progress": (
            "open opened wip work_in_progress inprogress in_process in_service started working active ready"
            " approved ready_for_pickup waiting waiting_for_parts waiting_on_parts on_hold work_order"
            " repair_order checked_in in_shop"
        ),
        "invoiced": (
            "closed close invoice paid paid_in_full posted finalized finalised cashed_out cashed completed"
            " complete finished picked_up delivered billed done history archived"
        ),
        "void": "voided cancelled canceled cancel deleted voided_out",
    },
    Authorization: {
        "pending": "open waiting undecided recommended estimate estimated suggested quoted proposed",
        "approved": (
            "yes y true t 1 authorized authorised accepted sold ok okay complete completed done performed"
            " finished approve invoiced"
        ),
        "declined": (
            "no n false f 0 rejected denied refused deferred decline defer not_approved not_authorized"
            " not_authorised unapproved unauthorized postponed lost"
        ),
    },
    Rating: {
        "ok": "okay good green pass passed g fine checked_ok satisfactory checked_and_ok checked_and_okay",
        "attention": (
            "yellow fair y monitor soon caution marginal amber future_attention may_require_future_attention "
            "needs_attention_soon watch suggested warning may_need_future_attention"
        ),
        "immediate": (
            "red bad fail failed r poor urgent critical immediate_attention requires_immediate_attention"
            " replace_now unsafe needs_immediate_attention"
        ),
    },
    AppointmentStatus: {
        "booked": (
            "scheduled confirmed open pending new unconfirmed tentative active set reserved requested"
            " no_show noshow missed"
        ),
        "cancelled": "canceled cancel cxl deleted void voided cancelled_by_customer canceled_by_customer",
        "completed": "complete done closed finished arrived checked_in invoiced converted checked_out",
    },
    QuoteStatus: {
        "draft": "new unsent saved",
        "open": "sent presented pending offered waiting issued active viewed",
        "accepted": "approved sold won authorized authorised converted accept signed",
        "denied": "declined rejected lost refused deny closed_lost",
        "expired": "lapsed timed_out",
    },
}
"""By kind of word: our word, then those that mean it."""


def is_nothing(text: str) -> bool:
    """Whether the text stands for an empty cell: `NULL`, `\\N`, `n/a`, `#N/A`, `(none)`, `-`."""
    plain = text.strip().lower()
    inner = _BRACKETS.sub(r"\1", plain).strip()
    return inner in _NOTHING or (bool(plain) and _ONLY_MARKS.fullmatch(plain) is not None)


def is_nobodys_name(text: str, beside: str) -> bool:
    """Whether the text stands for an empty name. beside: the other name of the same person.

    Null and a few more are names too where another name stands beside, written alike: `Jennifer` and `Null`,
    but not `Rosa` and `NULL`.
    """
    if not is_nothing(text):
        return False
    is_name = text.strip().lower() in _ALSO_NAMES and bool(beside.strip()) and not is_nothing(beside)
    return not (is_name and _case(text) == _case(beside))


def yes_or_no(text: str) -> bool | None:
    """Whether the text says yes; None where it can't be told."""
    plain = " ".join(text.lower().replace("_", " ").replace("-", " ").replace("'", "").split())
    for word in (text.strip().lower(), plain):
        if word in _YES:
            return True
        if word in _NO:
            return False
    return None


def meant(text: str, choices: type[StrEnum]) -> str:
    """Which of the choices the text means, empty where none is."""
    word = "_".join(re.findall(r"[^\W_]+", text.lower()))
    if word in {choice.value for choice in choices}:
        return word
    meanings = _MEANINGS.get(choices, {})
    return next((ours for ours, theirs in meanings.items() if word and word in theirs.split()), "")


def known_words(choices: type[StrEnum]) -> str:
    """Our words, each with those that mean it: `person (or individual, retail), fleet (or company)`."""
    meanings = _MEANINGS.get(choices, {})
    listed = {choice.value: ", ".join(meanings.get(choice.value, "").split()) for choice in choices}
    return ", ".join(f"{ours} (or {theirs.replace('_', ' ')})" for ours, theirs in listed.items())


def _case(text: str) -> str:
    bare = text.strip()
    if bare.isupper():
        return "upper"
    return "lower" if bare.islower() else "mixed"
