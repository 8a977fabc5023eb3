"""How much of something a record holds, and how long its texts are: one number each, for imports and doors.

What one way in takes, every other can change. A record as a whole has a bound of its own
(`transaction.LARGEST_RECORD_BYTES`).
"""

SHORT, LINE, NOTE = 100, 200, 10_000
"""Characters of a word or two, of a line, of a text with several."""

LONGEST_PHONE = 40
LONGEST_VIN, LONGEST_PLATE, LONGEST_PLATE_REGION = 30, 15, 10

MOST_PHONES, MOST_EMAILS, MOST_ADDRESSES = 10, 10, 20
"""Of a customer or contact; addresses: where work is done."""

MOST_JOBS, MOST_LINES, MOST_INSPECTIONS, MOST_ITEMS = 60, 40, 10, 100
"""Jobs and inspections of a repair order, labor or part lines of a job or quote, items of an inspection."""

MOST_EQUIPMENT = 20
"""Pieces of equipment that one job names."""

MOST_COMPONENTS = 50
"""Of a piece of equipment."""

MOST_CONTACTS_AT_ONCE = 40
"""Contacts of one call: each takes two of the hundred items of a transaction, itself and its audit entry."""

MOST_PAIRS = 90
"""Pairs decided in one call: each is one check in the transaction, which has a hundred places."""

MOST_CENTS = 100_000_000
MOST_MILES = 9_999_999
MOST_HUNDREDTH_HOURS = 100_000
MOST_THOUSANDTH_UNITS = 10_000_000
FIRST_MODEL_YEAR, LAST_MODEL_YEAR = 1886, 2100
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days outside are slips of the keyboard; near year 1 and 9999 a time zone's shift has no day to go to."""
