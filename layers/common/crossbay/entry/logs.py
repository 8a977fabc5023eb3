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
    """At DEBUG libraries print whole requests, customers and all: off, whatever the level is elsewhere."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


_LIBRARIES = ("aws_lambda_powertools", "boto3", "botocore", "pydynox", "pynamodb", "urllib3")
