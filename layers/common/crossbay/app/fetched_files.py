"""Files that are made when they are asked for, and fetched from S3 at once."""

from crossbay.aws.s3 import Bucket
from crossbay.ids import new_id

LINK_LASTS_S = 900
"""A quarter of an hour: such files may hold personal data. They go after a day (template.yaml)."""

_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def offer_file(bucket: Bucket, folder: str, content: bytes, file_format: str) -> str:
    """Put the file below the folder, and give back where it can be fetched for a quarter of an hour."""
    key = f"{folder}/{new_id()}.{file_format}"
    bucket.put(key, content, _CONTENT_TYPES[file_format])
    return bucket.link(key, lasts_s=LINK_LASTS_S)
