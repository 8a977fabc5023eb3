"""The whole stack on one machine: emulator, build, deployment, demo data and the tour of `make run`."""

from crossbay.store.wall import open_process

open_process()  # the operator's own machine works for every organization; its doors wall themselves in
