"""Names that are nobody's: what a counter types where a form wants a name and no customer gave one.

A point of sale has hundreds of records called Cash Customer or Walk In. As names they say nothing: such
records are no candidates of each other, and no duplicates, by the name alone.
"""

from functools import lru_cache

from crossbay.domain.name import name_tokens

_LONGEST_PHRASE = 3  # words


@lru_cache(maxsize=4096)
def is_nobodys(name: str) -> bool:
    """Whether a whole name, of a person or a company, is made of nothing but words that name nobody."""
    words = name_tokens(name)
    return bool(words) and _are_phrases(words)


def is_no_first_name(text: str) -> bool:
    """Whether a first name alone says that it isn't known, or whose relative it is: `N/A`, `Wife`, `Baby`."""
    return " ".join(name_tokens(text)) in _NO_FIRST_NAMES


def is_no_last_name(text: str) -> bool:
    """Whether a last name alone says that it isn't known: `Unknown`, `of the house`."""
    return " ".join(name_tokens(text)) in _NO_LAST_NAMES


def _listed(phrases: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in phrases.split("|"))


def _are_phrases(words: tuple[str, ...]) -> bool:
    return not words or any(
        " ".join(words[:size]) in _PHRASES and _are_phrases(words[size:])
        for size in range(1, min(_LONGEST_PHRASE, len(words)) + 1)
    )


# Folded, words apart. Seen in exports of points of sale and their manuals: sales for cash, to whoever walks
# in, accounts of the house, tests, and ways to say that there is no name. Words that are surnames as well
# (Cash, House, Sale, Test) count only where the whole name is made of such words: Johnny Cash keeps his.
_PHRASES = _listed(
    "account | acct | anonymous | anon | asdf | blank | cash | client | cod | comp | counter | cust | "
    "customer | customers | default | delete | deleted | do not use | do not delete | drop off | "
    "dropoff | drop in | dummy | example | fake | general | generic | guest | house | in house | "
    "inhouse | internal | misc | miscellaneous | n a | na | new | no name | no customer | nobody | "
    "noname | none | not available | not applicable | not given | null | nil | one time | onetime | "
    "over the counter | otc | person | public | random | retail | sale | sales | sample | shop | "
    "someone | tba | tbd | temp | temporary | test | tester | testing | tests | unassigned | "
    "unidentified | unknown | unk | unnamed | valued | various | walk in | walk ins | walk up | walkin "
    "| walkins | walkup | walk | wholesale | x | xx | xxx | xxxx | zzz | zzzz"
)

# What stands in one half of a name whatever the other half is. Source: the Census Bureau's list of names
# that are none, which its Person Identification Validation System blanks (NORC, 2011, as PyPI's
# `pseudopeople` gives it), less what is a name somewhere: Son and Man, Child and Friend as last names, Goh,
# Loh and Soh, and single letters.
_NEITHER = _listed(
    "adult | anon | anonymous | declined | dont know | female | hh | household | householder | male | n "
    "a | no name | noname | not available | not given | occupant | person | refused | resident | "
    "respondent | tba | tbd | unk | unknown | unnamed | wife | husband | daughter"
)
_NO_FIRST_NAMES = _NEITHER | _listed(
    "adult female | adult male | baby | baby boy | baby girl | boy | brother | child | child f | child "
    "m | dad | dau | daughter of | father | female child | friend | gent | gentleman | gentleman of | "
    "gentlemen | girl | grandchild | granddaughter | grandson | hija | hijo | house | inmate | kid | "
    "lady | lady in the | lady of | lady of house | lady of the | male child | man in the | man of | "
    "man of the | minor | mom | mother | nephew | niece | no first name | oldest | one | senor | senora "
    "| sister | son of | spouse | woman | youngest"
)
_NO_LAST_NAMES = _NEITHER | _listed(
    "apellido | de casa | de la casa | four | h age | hhm | home | lady of house | lady of the house | "
    "last name | man of the house | no last name | none | of house | of the home | of the house | one | "
    "owner | refuse | respondant | surname | the house | three | two | xxx"
)
