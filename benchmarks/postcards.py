"""A batch of postcards drawn: `python -m benchmarks.postcards [--cards 10000]`, JSON out.

Two sizes in one run, each in a process of its own: seconds of CPU, peak memory, bytes of the PDF, in all and
for each card. The text of every card differs, as its greeting, vehicle and address do.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from crossbay.domain.address import Address
from crossbay.rendering.postcards.postcard import CardSender, Postcard, write_cards

SHOP = CardSender(
    business_name="Harbor Point Auto Care",
    phone="(503) 555-0142",
    address=Address(line1="100 Example St", city="Portland", region="OR", postal_code="97201"),
    country="US",
    service_id="PC-44120",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--alone", action="store_true", help="measure this one size in this process")
    asked = parser.parse_args()
    if asked.alone:
        print(json.dumps(measured(asked.cards)))
        return
    sizes = [max(1, asked.cards // 10), asked.cards]
    runs = [_in_a_process_of_its_own(size) for size in sizes]
    print(json.dumps({"runs": runs}, indent=2))


def measured(cards: int) -> dict[str, float]:
    """Of one batch in this process, beside what the process needed before the first card."""
    with tempfile.TemporaryFile() as out:
        write_cards(SHOP, [], out)
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryFile() as out:
        started = time.process_time()
        write_cards(SHOP, _cards(cards), out)
        seconds = time.process_time() - started
        size = out.tell()
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "cards": cards,
        "cpu_s": round(seconds, 2),
        "cards_per_s": round(cards / seconds),
        "peak_mb": round(peak_kb / 1024),
        "peak_mb_before_the_first_card": round(before_kb / 1024),
        "pdf_mb": round(size / 1e6, 2),
        "pdf_bytes_per_card": round(size / cards),
    }


def _in_a_process_of_its_own(cards: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.postcards", "--alone", "--cards", str(cards)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _cards(count: int) -> Iterator[Postcard]:
    for number in range(count):
        name = f"Customer {number:06}"
        yield Postcard(
            message_id=f"message-{number}",
            to_name=name,
            to_address=Address(
                line1=f"{number} Example Ave",
                city="Portland",
                region="OR",
                postal_code=f"{number % 90000 + 10000}",
            ),
            text=(
                f"It's time to look after your Civic\n\nHello {name},\n\nyour 2016 Honda Civic "
                f"(ABC {number}) was last with us on March 1, 2026. Its next oil change and inspection are "
                "due.\n\nCall us at (503) 555-0142 and we'll find a time that suits you.\n\nPat Example\n"
                "Harbor Point Auto Care"
            ),
        )


if __name__ == "__main__":
    main()
