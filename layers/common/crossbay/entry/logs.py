"""What logs may say of an error: where it came from, never a value."""


def places(error: BaseException) -> list[str]:
    """Where a bug came from, as file:line, innermost last."""
    found, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return found[-8:]
