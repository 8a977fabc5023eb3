"""Names of people and companies as they are compared, and the given names a nickname may stand for."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from crossbay.domain.text import fold, without_apostrophes

if TYPE_CHECKING:
    from nicknames import NickNamer

# What the published list gets wrong: it names Bill and Robert each the other's nickname.
_NOT_THE_SAME = {frozenset({"bill", "robert"}), frozenset({"billy", "robert"})}

# Everyday pairs that the published list lacks: nickname, then the given names it stands for.
_MISSING_FROM_LIST = {
    "addie": ("adeline", "addison"),
    "barb": ("barbara",),
    "beto": ("roberto", "alberto"),
    "chuy": ("jesus",),
    "izzy": ("isabella", "isabel"),
    "jeremy": ("jeremiah",),
    "jerry": ("jerome",),
    "joanie": ("joan",),
    "kate": ("catherine",),
    "katie": ("katherine", "catherine"),
    "kris": ("kristin", "kristen", "christine", "christopher"),
    "kristy": ("kristin", "kristen", "christine"),
    "lalo": ("eduardo",),
    "lexie": ("alexandra", "alexis"),
    "liam": ("william",),
    "lola": ("dolores",),
    "lori": ("lorraine",),
    "lupe": ("guadalupe",),
    "manny": ("emmanuel",),
    "mattie": ("matilda", "martha"),
    "memo": ("guillermo",),
    "millie": ("mildred",),
    "nacho": ("ignacio",),
    "nat": ("natalie", "nathan", "nathaniel"),
    "nate": ("nathanial",),
    "paco": ("francisco",),
    "pancho": ("francisco",),
    "pepe": ("jose",),
    "quique": ("enrique",),
    "robbie": ("robert",),
    "stan": ("stanley",),
    "suzy": ("susan", "suzanne"),
    "tono": ("antonio",),
}


def name_tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name, in their order: `O'Brien-Díaz` gives `("obrien", "diaz")`.

    Particles (`de`, `van der`), titles and suffixes stay; a name without a letter or digit gives `()`.
    """
    return tuple(fold(without_apostrophes(text)).split())


def sound_of(name: str) -> str:
    """What a folded given name sounds like, roughly: `steven` and `stephen`, `carl` and `karl` are the same.

    Its consonants, those that English spells in several ways as one, after its first vowel.
    """
    spoken = name
    for spelled, sound in _SOUNDS:
        spoken = spoken.replace(spelled, sound)
    spoken = spoken[:1] + spoken[1:].replace("h", "")
    vowels = [letter for letter in spoken if letter in _VOWELS]
    consonants = [letter for letter in spoken if letter not in _VOWELS]
    single = [letter for at, letter in enumerate(consonants) if letter != consonants[at - 1] or not at]
    return "".join([*vowels[:1], *single])


_VOWELS = "aeiou"
_SOUNDS = (
    ("ph", "f"), ("v", "f"), ("ch", "k"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"),
    ("q", "k"), ("z", "s"), ("y", "i"), ("geo", "je"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def nickname_roots(token: str) -> frozenset[str]:
    """The given names that a folded token can stand for, itself included.

    Two tokens may be one person's where their roots meet: `bob` and `robert` share `robert`.
    Source: the list of Carlton Northern and Nick Crews (PyPI `nicknames`), with the corrections above.
    """
    listed = {root for root in _nicknamer().canonicals_of(token) if {token, root} not in _NOT_THE_SAME}
    return frozenset({token, *listed, *_MISSING_FROM_LIST.get(token, ())})


@lru_cache(maxsize=4096)
def nicknames_of(name: str) -> frozenset[str]:
    """The nicknames of a folded given name, where it is one that they stand for; itself not included."""
    listed = {nick for nick in _nicknamer().nicknames_of(name) if {name, nick} not in _NOT_THE_SAME}
    return frozenset(
        {*listed, *(nick for nick, names in _MISSING_FROM_LIST.items() if name in names)} - {name}
    )


@cache
def _nicknamer() -> "NickNamer":
    from nicknames import NickNamer  # reads a table of 2,700 rows: only for those who ask

    return NickNamer()
