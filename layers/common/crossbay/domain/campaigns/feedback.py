"""Opens and clicks that no person made: what they look like (C14)."""

TOO_SOON_S = 10
"""Nobody opens a message or follows its link this soon after SES took it; gateways that scan mail do."""

_APPLE_PRIVACY = "mozilla/5.0"
"""All that Apple's mail privacy proxy says of itself; it loads every picture, whether read or not."""

_MACHINES = (
    "bot",
    "crawl",
    "spider",
    "scan",
    "preview",
    "headless",
    "python",
    "curl",
    "wget",
    "okhttp",
    "java/",
    "go-http",
    "barracuda",
    "mimecast",
    "proofpoint",
    "office existence discovery",
)
"""Parts of the names of programs that follow links. Google's and Yahoo's picture proxies are none of them:
they load a picture when a person opens the message."""


def is_by_machine(user_agent: str, *, waited_s: float) -> bool:
    """Whether an open or click counts for nobody: no agent, a machine's name, or too soon after sending.

    waited_s: from SES taking the message to the event.
    """
    agent = user_agent.strip().lower()
    named = agent not in ("", _APPLE_PRIVACY) and not any(name in agent for name in _MACHINES)
    return not named or waited_s < TOO_SOON_S
