"""Compile the default letters: each `letter.mjml` in the layout becomes the `letter.html` beside it.

Run after a change of a default letter (`make templates`); a contract test finds what was forgotten.
"""

from importlib.resources import files
from pathlib import Path

from crossbay import rendering
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.rendering.mail_html import mail_html
from crossbay.rendering.template import mjml_source

FOLDER = Path(str(files(rendering))) / "templates"


def compiled_letter(kind: MessageKind) -> str:
    """What `letter.html` of this kind has to be."""
    html, _ = mail_html(mjml_source(kind))
    return html + "\n"


def main() -> None:
    for kind in MessageKind:
        path = FOLDER / kind / "letter.html"
        path.write_text(compiled_letter(kind), encoding="utf-8")
        print(f"{path.relative_to(FOLDER)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
