"""The default letters: their compiled HTML is what their MJML says now, and sending needs no compiler."""

import re
import subprocess
import sys

import pytest

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.rendering.template import default_template
from local.emulator import ROOT
from local.templates import FOLDER, compiled_letter

_RENDERS = """
import sys
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.rendering.email import compose
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.template import default_template, render_email

print("before:", *sys.modules)
render_email(default_template(MessageKind.INACTIVE), LetterFacts(mailing_name="Ada"))
print("after:", *sys.modules)
"""
COMPILERS = {"mjml", "css_inline"}


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_default_letter_is_compiled_from_the_mjml_beside_it(kind: MessageKind) -> None:
    kept = (FOLDER / kind / "letter.html").read_text(encoding="utf-8")

    assert kept == compiled_letter(kind), "run `make templates`"


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_shop_starts_its_own_letter_from_the_whole_mjml(kind: MessageKind) -> None:
    html = default_template(kind).html

    assert html.startswith("<mjml")
    assert (FOLDER / kind / "letter.mjml").read_text(encoding="utf-8") in html


def test_sending_loads_jinja_with_its_first_letter_and_never_a_compiler() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RENDERS],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "layers" / "common")},
    )
    before, after = (set(line.split()) for line in done.stdout.splitlines())

    assert not before & {"jinja2", *COMPILERS}
    assert "jinja2" in after
    assert not after & COMPILERS


def test_every_mail_is_made_in_one_place_under_headers_that_hold_any_name() -> None:
    package = ROOT / "layers" / "common" / "crossbay"
    makers = re.compile(r"\bEmailMessage\(|\bMIME[A-Z][a-z]+\(|\bMail(From|Subject)\b|Content=\{\"Simple")

    found = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if makers.search(path.read_text())
    ]

    assert found == ["rendering/email.py"]
