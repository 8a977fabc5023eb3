"""E-mail addresses."""

import re
from contextlib import suppress

from crossbay.domain.text import fold

_BRACKETED = re.compile(r"<\s*(?:mailto:)?([^<>]*@[^<>]*)", re.IGNORECASE)
_MAILTO = re.compile(r"\A\s*mailto:\s*|\?[^?@]*\Z", re.IGNORECASE)
_AROUND_AT = re.compile(r"\s*@\s*")


def normalize_email(text: str) -> str:
    """The address as mail carries it: lower case, a domain with other letters than ASCII's as `xn--…`.

    Raises ValueError with a plain reason where it can't be one, or has such letters before the `@`, where
    nothing stands for them: SES sends to none of those.
    Only the form is checked; nobody is asked over the network. Lower case throughout: mail servers that tell
    `Jo@` from `jo@` are a theory, typists who don't are the rule.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


def address_in(text: str) -> str:
    """The address in what was pasted, also one cut short: without a name before `<…>`, without `mailto:`."""
    found = _BRACKETED.search(text)
    bare = found[1] if found else _MAILTO.sub("", text) if "@" in text else text
    return _AROUND_AT.sub("@", bare.strip(" \t\"',;"))


def typed_email(text: str) -> str:
    """What someone looks for, as it would be kept: `info@bücher.example`, once whole, is found too."""
    if not text.isascii():
        with suppress(ValueError):
            return normalize_email(text)
    return text.strip().lower()


def local_part(text: str) -> str:
    """What stands before the last `@`, in lower case; the whole text where there is none."""
    before, at, after = text.strip().lower().rpartition("@")
    return before if at else after


def mailbox(email: str) -> str:
    """The address of the mailbox behind an address: `Jo.Lopez+cars@gmail.com` gives `jolopez@gmail.com`.

    Mail for `name+anything` reaches `name` wherever a `+` is taken at all; Gmail, once googlemail.com, minds
    no dots before the `@`. Two addresses with one mailbox are one person's as the address itself is.
    A text without an `@` is a local part alone, of nobody knows which domain: only its tag goes.
    """
    before, at, domain = email.strip().lower().rpartition("@")
    local, domain = (before, domain) if at else (domain, "")
    untagged = local.partition("+")[0] or local
    if domain in _GMAIL:
        untagged, domain = untagged.replace(".", "") or untagged, _GMAIL[0]
    return f"{untagged}{at}{domain}"


def typed_mailbox(text: str) -> str:
    """The mailbox of an address that may be cut short: `jo.lopez@gm` gives `jolopez@gm`."""
    before, at, domain = text.strip().lower().rpartition("@")
    is_gmail = bool(at) and any(name.startswith(domain) for name in _GMAIL) and bool(domain)
    whole = mailbox(f"{before}@{_GMAIL[0]}") if is_gmail else mailbox(text)
    return f"{local_part(whole)}@{_GMAIL[0][: len(domain)]}" if is_gmail else whole


_GMAIL = ("gmail.com", "googlemail.com")
"""support.google.com: "Dots don't matter in Gmail addresses", and both domains are the same mailbox."""


def email_letters(text: str) -> str:
    """The letters of the local part, folded: `Jo.O'Neil-77@example.com` gives `jooneil`."""
    return "".join(letter for letter in fold(local_part(text)) if letter.isalpha())
