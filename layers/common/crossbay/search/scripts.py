"""Names in scripts without blanks between words: two or three characters are a whole name."""

import re
import unicodedata

# Han, Kana and Hangul with their marks: Unicode 16, blocks as listed in its Blocks.txt.
_ONE = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_ALL = re.compile(rf"[{_ONE}]{{2,}}")
_BETWEEN = re.compile(r"[\s\u00b7\u30fb\uff65\u3000]+")


def is_without_blanks(text: str) -> bool:
    """Whether the text is two characters or more of Han, Kana or Hangul, and nothing else."""
    return _ALL.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", text))) is not None


def whole_name(*parts: str) -> str:
    """The parts as one name, composed: the index holds folded text, where a syllable of Hangul is three."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", "".join(parts)))
