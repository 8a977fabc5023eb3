"""E-mail addresses."""

from contextlib import suppress

from crossbay.domain.text import fold


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


def email_letters(text: str) -> str:
    """The letters of the local part, folded: `Jo.O'Neil-77@example.com` gives `jooneil`."""
    return "".join(letter for letter in fold(local_part(text)) if letter.isalpha())
