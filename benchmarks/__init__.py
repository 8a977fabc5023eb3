"""What is measured, by hand; `results.md` keeps the numbers."""

from crossbay.store.wall import open_process

open_process()
