"""AWS's prices as `prices.json` notes them, with their date and source."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("prices.json")
MILLION = 1_000_000


def prices() -> Mapping[str, Any]:
    """By name, in dollars; `date` and `source` among them."""
    told: Mapping[str, Any] = json.loads(_FILE.read_text())
    return told
