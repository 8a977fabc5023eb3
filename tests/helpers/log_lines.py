"""Log lines as they are written, to look for what must stand in none."""

import logging

OUTSIDE = ("werkzeug", "moto", "botocore", "boto3", "urllib3", "responses")
"""moto's server shares this process, and the clients' debug lines, which no door switches on, name it."""


def as_written(record: logging.LogRecord) -> str:
    """The line that goes to the log group, and everything that the record holds besides."""
    handlers = logging.getLogger(record.name).handlers
    return f"{handlers[0].format(record)} {record.__dict__}" if handlers else str(record.__dict__)
