"""Demo data: made-up organizations, their shops and three years of business, as import files.

The same seed and day give the same files, byte for byte. Nobody in them is real: names are drawn from
published frequencies, phones are 555-01xx, e-mails are at example.com and example.org, streets are
invented. `python -m local.demo --help` writes them.
"""

from local.demo.build import build_demo
from local.demo.files import write_demo
from local.demo.model import Demo

__all__ = ["Demo", "build_demo", "write_demo"]
