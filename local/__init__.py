"""The whole stack on one machine: emulator, build, deployment, demo data and the tour of `make run`."""
