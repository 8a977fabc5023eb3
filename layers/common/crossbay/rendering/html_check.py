"""What a letter's HTML or MJML may hold: an allow-list of tags, links that lead somewhere sensible, no code.

E-mail programs drop scripts, forms and frames anyway; here they are refused, because the preview is shown in
a browser, and because a mail with them looks like an attack to the filters on its way.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from crossbay.rendering.markup import MASK, Masked, pieces
from crossbay.rendering.sandbox import Mistake

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


@dataclass(slots=True)
class Found:
    """The variables that a reader meets: those that are a link's whole target, and those in the text."""

    links: set[str] = field(default_factory=set)
    text: set[str] = field(default_factory=set)


def check_html(masked: Masked) -> Found:
    """What the document shows its reader. Raises Mistake for what isn't allowed in it."""
    return _Walk(masked).walk(masked.html)


class _Walk(HTMLParser):
    def __init__(self, masked: Masked, *, first_line: int = 1, in_comment: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.masked = masked
        self.found = Found()
        self._open: list[str] = []
        self._first_line = first_line
        self._in_comment = in_comment

    def walk(self, html: str) -> Found:
        for _ in pieces(html):  # every tag ends: html.parser needs quadratic time where one doesn't
            pass
        self.feed(html)
        self.close()
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_tag(tag)
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")
        if tag not in _VOID:
            self._open.append(tag)
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
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in {"style", "mj-style"}:
            self._check_css(data)
        elif not {"head", "title", "mj-head"} & set(self._open):
            self.found.text |= self._variables(data)

    def handle_comment(self, data: str) -> None:
        """Outlook reads what stands in a conditional comment; nobody else reads any."""
        if conditional := _CONDITIONAL.match(data):
            line = self._line + data.count("\n", 0, conditional.start(1))
            _Walk(self.masked, first_line=line, in_comment=True).walk(conditional[1])

    def handle_pi(self, data: str) -> None:
        raise self._mistake("`<?` can't be used")

    @property
    def _line(self) -> int:
        return self._first_line + self.getpos()[0] - 1

    def _mistake(self, reason: str) -> Mistake:
        return Mistake(self._line, reason)

    def _variables(self, text: str) -> set[str]:
        return {self.masked.code(found[1]).variable for found in MASK.finditer(text)} - {""}

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
            self._check_link(tag, value)
        elif name in _SOURCES and not _BLANKS.sub("", value).lower().startswith("https://"):
            raise self._mistake("a picture's address starts with https://")
        elif name in {"style", "css-class"}:
            self._check_css(value)

    def _check_link(self, tag: str, value: str) -> None:
        target = _BLANKS.sub("", value)
        if (whole := MASK.fullmatch(target)) and self.masked.code(whole[1]).variable in _LINK_VARIABLES:
            if tag == "a":
                self.found.links.add(self.masked.code(whole[1]).variable)
        elif not target.lower().startswith(_SCHEMES):
            allowed = ", ".join((*_SCHEMES[:-1], *(f"{{{{ {name} }}}}" for name in sorted(_LINK_VARIABLES))))
            raise self._mistake(f"a link starts with one of {allowed}")

    def _check_css(self, css: str) -> None:
        if MASK.search(css):
            raise self._mistake("nothing in curly brackets can stand in CSS")
        if found := _OUTSIDE_CSS.search(css):
            line = self._line + css.count("\n", 0, found.start())
            raise Mistake(line, f"`{found[0]}` can't be used in CSS")
