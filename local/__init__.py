"""The whole stack on one machine: emulator, build, deployment, demo data and the tour that `make run` prints."""
