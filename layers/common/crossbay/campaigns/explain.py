"""A decision in words: `inactive: day 90 of 90 yes, do-not-mail since 2027-01-14 by unsubscribe link: no`."""

from crossbay.campaigns.decision import Check, Decision, Send
from crossbay.campaigns.occasions import WORDS
from crossbay.campaigns.reach import REACH


def line(decision: Decision) -> str:
    """The kind, the day it counts where that was right, and the condition that failed or how it goes out."""
    day = next((check for check in decision.checks if check.code == "day" and check.passed), None)
    parts = [f"{day.text} yes"] if day else []
    parts.append(str(_goes_out(decision) if isinstance(decision, Send) else decision.checks[-1]))
    return f"{WORDS[decision.kind]}: {', '.join(parts)}"


def _goes_out(decision: Send) -> Check:
    return Check(code="sent", text=f"goes out by {REACH[decision.channel].words}", passed=True)
