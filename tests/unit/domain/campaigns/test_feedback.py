"""Which opens and clicks a machine made."""

import pytest

from crossbay.domain.campaigns.feedback import TOO_SOON_S, is_by_machine

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.mark.parametrize("agent", [PHONE, GMAIL, "YahooMailProxy; https://help.yahoo.com/"])
def test_a_persons_mail_program_counts_and_so_does_a_proxy_that_loads_when_a_person_opens(agent: str) -> None:
    assert not is_by_machine(agent, waited_s=TOO_SOON_S)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "  ",
        "Mozilla/5.0",
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (compatible; SafeLinksBot/2.0)",
        "python-requests/2.32",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0",
        "Microsoft Office Existence Discovery",
    ],
)
def test_a_program_that_follows_links_counts_for_nobody(agent: str) -> None:
    assert is_by_machine(agent, waited_s=3600)


def test_nobody_opens_a_message_seconds_after_it_was_sent() -> None:
    assert is_by_machine(PHONE, waited_s=TOO_SOON_S - 0.1)
