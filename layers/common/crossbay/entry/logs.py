"""What logs may say of an error: where it came from, never a value."""

import logging


def places(error: BaseException) -> list[str]:
    """Where a bug came from, as file:line, innermost last."""
    found, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return found[-8:]


def quiet_libraries() -> None:
    """Libraries speak up when something is wrong and not before, whatever the level is elsewhere."""
    for name, level in _LIBRARIES.items():
        logging.getLogger(name).setLevel(level)


_LIBRARIES = {
    # At DEBUG it prints a photo's EXIF, and where it was taken.
    "PIL": logging.WARNING,
    # At DEBUG they print whole requests, customers and all.
    **dict.fromkeys(("aws_lambda_powertools", "boto3", "botocore", "paramiko", "pynamodb"), logging.WARNING),
    # It warns of malformed answers with the URL that it asked, a VIN in it.
    "urllib3": logging.ERROR,
    # It warns of every read that takes 100 ms or more; each request's own line tells how long it took.
    "pydynox": logging.ERROR,
}
