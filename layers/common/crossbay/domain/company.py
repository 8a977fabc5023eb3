"""Company names as they are compared: in one spelling, without legal form, their trade name apart."""

import re
from dataclasses import dataclass

from crossbay.domain.nobody import is_nobodys
from crossbay.domain.text import fold, without_apostrophes

_SAY_NOTHING = frozenset({"and", "the"})

# d/b/a, t/a, a/k/a, "doing business as": what follows is the name on the door.
_TRADES_AS = re.compile(
    r"\b(?:d ?[/.]? ?b ?[/.]? ?a\.?|t ?/ ?a|a ?[/.]? ?k ?[/.]? ?a\.?|doing business as|trading as)"
    r"(?=[\s:,]|$)[\s:,]*",
    re.IGNORECASE,
)
_AND = re.compile(r"[&+]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyName:
    """name: what a company is called, folded. trade_name: what it is also called; empty for none."""

    name: str = ""
    trade_name: str = ""


def company_name(typed: str) -> CompanyName:
    """The company's name and the one after `d/b/a`; nothing where it is nobody's (House Account).

    `J.B. Harbor & Bros., Inc.` and `JB Harbor and Brothers` are both `jb harbor brothers`; `A-1` is `a1`.
    """
    if is_nobodys(typed):
        return CompanyName()
    before, *after = [company_key(part) for part in _TRADES_AS.split(typed, maxsplit=1)]
    name, trade_name = before or "".join(after), "".join(after) if before else ""
    return CompanyName(name=name, trade_name=trade_name if trade_name != name else "")


def company_key(name: str) -> str:
    """One name in one spelling: initials as one word, abbreviations spelled out, no legal form."""
    words = fold(_AND.sub(" and ", without_apostrophes(name))).split()
    named = _initials_joined([word for word in words if word not in _SAY_NOTHING] or words)
    while len(named) > 1 and named[-1] in _LEGAL_FORMS:
        named.pop()
    return " ".join(_SPELLINGS.get(word, word) for word in named)


def _initials_joined(words: list[str]) -> list[str]:
    """Letters that stand alone joined, and with a number behind them: `j b` is `jb`, `a 1` is `a1`."""
    joined: list[str] = []
    is_open = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_open and (is_letter or (word.isdecimal() and len(word) <= 2 and len(joined[-1]) == 1)):
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_letter
    return joined


def _by_spelling(groups: str) -> dict[str, str]:
    """Word as compared by spelling, from groups set apart by `|`, the compared one first in each."""
    return {spelling: group.split()[0] for group in groups.split("|") for spelling in group.split()}


_LEGAL_FORMS = _by_spelling(
    "co | company | corp | corporation | gmbh | inc | incorporated | limited | llc | llp | lp | ltd | pa |"
    "pc | pllc | plc | pty"
)

# Abbreviations in everyday use on trucks, invoices and in directories.
_SPELLINGS = _by_spelling(
    "association assn assoc | associates assocs | brothers bros bro | center centre ctr cntr |"
    "construction const constr | department dept | distributing dist distrib | electric elec |"
    "enterprises enterprise ent entp | equipment equip | express exp | government govt | group grp |"
    "heating htg | industries industry ind inds | international intl | landscaping landscape |"
    "machine mach | management mgmt mgt | manufacturing mfg manuf | national natl nat |"
    "plumbing plbg plmbg | products prod prods | rental rentals | repair repairs | saint st |"
    "service services svc svcs serv servs | sons son | supply supplies | systems system sys |"
    "technologies technology tech | transport transportation trans transp | trucking trkg |"
    "university univ"
)
