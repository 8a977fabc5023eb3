"""Files that are made when they are asked for, and fetched from S3 at once."""

import re
from unicodedata import normalize

from crossbay.aws.s3 import Bucket
from crossbay.ids import new_id

LINK_LASTS_S = 900
"""A quarter of an hour: such files may hold personal data. They go after a day (template.yaml)."""

_WORD = re.compile("[a-z0-9]+")

_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
}


_LONGEST_NAME = 40
"""Of the part of a file's name that people chose."""


def offer_file(bucket: Bucket, folder: str, content: bytes, file_format: str, *, name: str = "") -> str:
    """Put the file below the folder, and give back where it can be fetched for a quarter of an hour.

    name: what it is called where it is saved, of safe letters; its id where there is none.
    """
    key = f"{folder}/{new_id()}{f'/{name}' if name else ''}.{file_format}"
    bucket.put(key, content, _CONTENT_TYPES[file_format])
    return bucket.link(key, lasts_s=LINK_LASTS_S)


def safe_name(text: str) -> str:
    """A part of a file's name: `harbor-auto-repair` of "Harbor Auto Repair!"; empty where no letter is left.

    Small letters without accents, digits and hyphens alone, which every system, mail and address takes.
    """
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(_WORD.findall(plain.replace("'", "")))[:_LONGEST_NAME].strip("-")
