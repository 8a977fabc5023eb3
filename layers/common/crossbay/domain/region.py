"""States and provinces that issue plates: the code of one that is written out."""

from crossbay.domain.text import fold

_NAMES = {
    **{"alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA"},
    **{"colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC"},
    **{"florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN"},
    **{"iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD"},
    **{"massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO"},
    **{"montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ"},
    **{"new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH"},
    **{"oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI"},
    **{"south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT"},
    **{"vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI"},
    **{"wyoming": "WY", "puerto rico": "PR", "guam": "GU", "us virgin islands": "VI"},
    **{"washington dc": "DC", "washington d c": "DC", "washington state": "WA"},
    **{"alberta": "AB", "british columbia": "BC", "manitoba": "MB", "new brunswick": "NB"},
    **{"newfoundland": "NL", "newfoundland and labrador": "NL", "nova scotia": "NS", "nunavut": "NU"},
    **{"northwest territories": "NT", "ontario": "ON", "prince edward island": "PE", "quebec": "QC"},
    **{"saskatchewan": "SK", "yukon": "YT", "yukon territory": "YT"},
}

CODES = frozenset(_NAMES.values())
"""Of the states of the United States, Puerto Rico, Guam, the Virgin Islands and the provinces of Canada."""


def region_code(text: str) -> str:
    """The code of a state or province, written out or as a code in any case; other texts as they are."""
    said = " ".join(fold(text).split())
    code = said.replace(" ", "").upper()
    return _NAMES.get(said) or (code if code in CODES else text.strip())
