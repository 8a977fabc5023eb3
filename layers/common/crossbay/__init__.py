"""Crossbay: the customer side of a multi-shop auto-repair organization.

Arrows go one way, from the doors down: docs/architecture.md, Floors.
"""

import gc

# A door makes most of its objects while it loads, and they stay: looking through them again and again for
# cycles costs a tenth of a cold start (decision 0071).
gc.set_threshold(50_000)
