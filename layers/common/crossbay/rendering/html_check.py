"""What a letter's HTML or MJML may hold: an allow-list of tags, links that lead somewhere sensible, no code.

E-mail programs drop scripts, forms and frames anyway; here they are refused, because the preview is shown in
a browser, and because a mail with them looks like an attack to the filters on its way.
"""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from crossbay.rendering.markup import MASK, Masked, pieces
from crossbay.rendering.mistakes import Mistake, noting
from crossbay.rendering.visible import Sight, hiding_marks, is_dot, marks_of, says_something

_DEEPEST = 100
"""Tags inside each other: browsers stop at 512, and compilers written without a limit lose their stack."""

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "link", "meta", "wbr"})
_HTML = _VOID - {"base", "link"} | {
    *("html", "head", "title", "style", "body", "a", "abbr", "address", "b", "big", "blockquote", "caption"),
    *("center", "cite", "code", "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "footer", "h1"),
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "i",
        "ins",
        "li",
        "main",
        "map",
        "ol",
        "p",
        "pre",
        "s",
        "small",
    ),
    *("section", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
    *("tr", "tt", "u", "ul"),
}
_MJML = frozenset(
    {
        *("mjml", "mj-head", "mj-body", "mj-attributes", "mj-all", "mj-class", "mj-breakpoint", "mj-preview"),
        *("mj-style", "mj-title", "mj-button", "mj-column", "mj-divider", "mj-group", "mj-hero", "mj-image"),
        *("mj-raw", "mj-section", "mj-spacer", "mj-table", "mj-text", "mj-wrapper"),
    }
)
_OUTLOOK = frozenset({"noscript", "xml"})
"""In Outlook's conditional comments alone, with the tags of its name spaces `o:`, `v:` and `w:`."""

_LINKS = frozenset({"href", "mj-href"})
_SOURCES = frozenset({"src", "background", "background-url", "poster", "srcset"})
_WITH_CODE = frozenset({"alt", "aria-label", "title"}) | _LINKS
_SCHEMES = ("https://", "http://", "mailto:", "tel:", "#")
_LINK_VARIABLES = frozenset({"feedback_link", "unsubscribe_link"})
_OUTSIDE_CSS = re.compile(
    r"@import|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding|url\s*\(|\\", re.I
)
_CONDITIONAL = re.compile(r"\s*\[if [^\]]*\]>(.*)<!\[endif\]", re.DOTALL | re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20]+")


_STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_ALWAYS_SAID = frozenset({"business_name", "postal_address", "unsubscribe_link"})
"""Variables that are never empty."""


@dataclass(slots=True)
class FoundVariables:
    """The variables that a reader meets: those that are a link's whole target, and those in the text.

    unseen: why a reader doesn't see a variable that is there. mistakes: what isn't allowed.
    """

    links: set[str] = field(default_factory=set)
    text: set[str] = field(default_factory=set)
    unseen: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def check_html(masked: Masked) -> FoundVariables:
    """What the document shows its reader, and what in it isn't allowed.

    Raises Mistake for a tag that never ends: nothing after it can be read.
    """
    return _Walk(masked).walk(masked.html)


@dataclass(slots=True)
class _OpenLink:
    """A link under way. words: what it says to a reader, outside every `if`."""

    variable: str
    words: str = ""
    why: str = "it has no words"


class _Walk(HTMLParser):
    def __init__(self, masked: Masked, *, first_line: int = 1, in_comment: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.masked = masked
        self.found = FoundVariables()
        self._open: list[tuple[str, Sight]] = []
        self._link: _OpenLink | None = None
        self._blocks = 0
        self._hiding: set[str] = set()
        self._first_line = first_line
        self._in_comment = in_comment

    def walk(self, html: str) -> FoundVariables:
        for _ in pieces(html):  # every tag ends: html.parser needs quadratic time where one doesn't
            pass
        self._hiding = {name for css in _STYLE_SHEET.findall(html) for name in hiding_marks(css)}
        self.feed(html)
        self.close()
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        with noting(self.found.mistakes):
            self._check_tag(tag)
        sight = self._sight.inside(tag, given)
        if self._hiding & marks_of(tag, given):
            sight = replace(sight, why=sight.why or "a rule for some screens hides it")
        for name, value in attrs:
            with noting(self.found.mistakes):
                self._check_attribute(tag, name, value or "")
        if tag == "a" and (variable := self._variable_of(given.get("href", ""))):
            self._link = _OpenLink(variable)
        if tag == "img" and self._link and not sight.why and not is_dot(given):
            self._link.words += given.get("alt", "")
        if tag not in _VOID:
            self._open.append((tag, sight))
            if len(self._open) > _DEEPEST:
                raise self._mistake(
                    f"more than {_DEEPEST} tags stand inside each other; is one never closed?"
                )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<br/>`; in MJML also `<mj-spacer />`, which has no end tag then."""
        self.handle_starttag(tag, attrs)
        if tag.startswith("mj-"):
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._tags:
            while self._open.pop()[0] != tag:
                pass
        if tag == "a" and self._link:
            self._note(self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._tags and self._tags[-1] in {"style", "mj-style"}:
            with noting(self.found.mistakes):
                self._check_css(data)
        elif not {"head", "title", "mj-head"} & set(self._tags):
            self._read(data)

    def handle_comment(self, data: str) -> None:
        """Outlook reads what stands in a conditional comment; nobody else reads any."""
        if conditional := _CONDITIONAL.match(data):
            line = self._line + data.count("\n", 0, conditional.start(1))
            inner = _Walk(self.masked, first_line=line, in_comment=True).walk(conditional[1])
            self.found.mistakes += inner.mistakes

    def handle_pi(self, data: str) -> None:
        self.found.mistakes.append(self._mistake("`<?` can't be used"))

    @property
    def _tags(self) -> list[str]:
        return [tag for tag, _ in self._open]

    @property
    def _sight(self) -> Sight:
        return self._open[-1][1] if self._open else Sight()

    def _read(self, data: str) -> None:
        """Text between tags: what a reader sees of it, and what of that stands in a link."""
        why = self._sight.why_unread
        for at, part in enumerate(MASK.split(data)):
            code = self.masked.code(part) if at % 2 else None
            if code is None:
                said = part
            else:
                self._blocks += code.opens
                said = code.variable if code.variable in _ALWAYS_SAID else ""
                if code.variable and why:
                    self.found.unseen.setdefault(code.variable, why)
                elif code.variable:
                    self.found.text.add(code.variable)
            if self._link and says_something(said):
                if why or self._blocks:
                    self._link.why = why or "its words stand inside an `if`"
                else:
                    self._link.words += said

    def _note(self, link: _OpenLink) -> None:
        if self._sight.why and not says_something(link.words):
            link.why = self._sight.why
        if says_something(link.words):
            self.found.links.add(link.variable)
        else:
            self.found.unseen.setdefault(link.variable, link.why)

    def _variable_of(self, href: str) -> str:
        whole = MASK.fullmatch(_BLANKS.sub("", href))
        return self.masked.code(whole[1]).variable if whole else ""

    @property
    def _line(self) -> int:
        return self._first_line + self.getpos()[0] - 1

    def _mistake(self, reason: str) -> Mistake:
        return Mistake(self._line, reason)

    def _check_tag(self, tag: str) -> None:
        if tag in _HTML or tag in _MJML:
            return
        if self._in_comment and (tag in _OUTLOOK or tag[:2] in {"o:", "v:", "w:"}):
            return
        raise self._mistake(f"the tag `<{MASK.sub('{{...}}', tag)[:40]}>` isn't allowed")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in {"srcdoc", "action", "formaction", "is", "ping"}:
            raise self._mistake(f"the attribute `{name[:40]}` isn't allowed")
        if MASK.search(name):
            raise self._mistake("curly brackets stand in the text or in an attribute's quotes, not in a tag")
        if MASK.search(value) and name not in _WITH_CODE:
            raise self._mistake(f"nothing in curly brackets can stand in the attribute `{name[:40]}`")
        if name == "http-equiv" and value.strip().lower() not in {"content-type", "x-ua-compatible"}:
            raise self._mistake(f"`http-equiv={value[:40]}` isn't allowed")
        if name in _LINKS:
            self._check_link(value)
        elif name in _SOURCES and not _BLANKS.sub("", value).lower().startswith("https://"):
            raise self._mistake("a picture's address starts with https://")
        elif name in {"style", "css-class"}:
            self._check_css(value)

    def _check_link(self, value: str) -> None:
        target = _BLANKS.sub("", value)
        if self._variable_of(value) in _LINK_VARIABLES:
            return
        if ours := {self.masked.code(at).variable for at in MASK.findall(value)} & _LINK_VARIABLES:
            raise self._mistake(f"`{{{{ {min(ours)} }}}}` has to be the whole link, nothing beside it")
        if not target.lower().startswith(_SCHEMES):
            allowed = ", ".join((*_SCHEMES[:-1], *(f"{{{{ {name} }}}}" for name in sorted(_LINK_VARIABLES))))
            raise self._mistake(f"a link starts with one of {allowed}")

    def _check_css(self, css: str) -> None:
        if MASK.search(css):
            raise self._mistake("nothing in curly brackets can stand in CSS")
        if found := _OUTSIDE_CSS.search(css):
            line = self._line + css.count("\n", 0, found.start())
            raise Mistake(line, f"`{found[0]}` can't be used in CSS")
