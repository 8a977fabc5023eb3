"""Files of a shop's point of sale, from bytes to drafts of records: pure, no cloud, no clock.

docs/import-format.md is the format; docs/decisions/0050 to 0054 say why it is read as it is.
"""
