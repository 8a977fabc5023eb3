"""The forecast of 180 days that is shown before settings are saved.

`DYNAMODB_LOCAL=<folder> python -m benchmarks.campaign_forecast [customers ...]`: one shop at two sizes on
DynamoDB Local. JSON out: seconds as the door takes them (pydynox), of these CPU, and the read units that
DynamoDB Local counts in a second run.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from benchmarks.night_reads import DAYS, NIGHT, ORGANIZATION, REGION, SHOP, TABLE, MeteredReads, growing_shop
from crossbay.app.campaigns.forecast import read_forecast
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings
from crossbay.domain.organization import ShopRef
from crossbay.store.reads import Reads

NOW = f"{NIGHT}T20:00:00.000Z"


def main(sizes: Sequence[int]) -> None:
    rows = [{"customers": size, **_measured(address)} for size, address in growing_shop(sizes)]
    print(json.dumps({"forecasts": rows}, indent=1))


def _measured(address: str) -> dict[str, Any]:
    reads = Reads(TABLE, endpoint_url=address, region=REGION)
    asked = CampaignSettings(organization_id=ORGANIZATION, shop_id=SHOP)
    asked = replace(asked, channels={**asked.channels, Channel.EMAIL: ChannelSettings(on=True, days=DAYS)})
    started, cpu = time.perf_counter(), time.process_time()
    found = read_forecast(reads, ShopRef(organization_id=ORGANIZATION, shop_id=SHOP), asked, now=NOW)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    metered = MeteredReads(address)
    again = read_forecast(
        cast(Reads, metered), ShopRef(organization_id=ORGANIZATION, shop_id=SHOP), asked, now=NOW
    )
    if again != found:
        raise SystemExit("two forecasts of the same differ")
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        "peak_mb": round(peak_mb),
        "messages": found.messages,
        "people_without_any": len(found.left),
        "read_units": metered.cost.read_units,
        "queries": metered.cost.queries,
        "batches": metered.cost.batches,
        "items": metered.cost.items,
    }


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
