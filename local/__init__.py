"""The whole stack on one machine: emulator, build, deployment, demo data and the tour of `make run`."""

from contextlib import suppress

with suppress(ModuleNotFoundError):  # the emulator's own Python hasn't the product, and reads no table
    from crossbay.store.wall import open_process

    open_process()  # the operator's own machine works for every organization; its doors wall themselves in
