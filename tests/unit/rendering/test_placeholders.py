"""Variables spelled as other programs spell them are told before a customer reads them (C6)."""

import pytest

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.rendering.placeholders import left_as_text
from crossbay.rendering.template import default_template
from tests.unit.rendering.letters import HTML, TEXT, refusal

NAMES = (
    *(
        "{ name }",
        "{name}",
        "{ mailing_name }",
        "{first_name}}",
        "{{first_name}",
        "{FIRST_NAME|there}",
        "${customer.name}",
    ),
    *(
        "%%FIRSTNAME%%",
        "%first_name%",
        "%FNAME|friend%",
        "##name##",
        "@@name@@",
        "*|FNAME|*",
        "{!Contact.FirstName}",
    ),
    *(
        "[First Name]",
        "[[contact.firstname]]",
        "[Customer\u2019s Name]",
        "[Insert Name]",
        "[first\u00a0name]",
    ),
    *("\uff5b\uff5b first_name \uff5d\uff5d", "\uff3bFirst Name\uff3d", "\u00abPr\u00e9nom\u00bb"),
)


@pytest.mark.rule("C6")
@pytest.mark.parametrize("typed", [*NAMES, "<<first_name>>", "<First Name>"])
@pytest.mark.parametrize("part", ["subject", "text", "card"])
def test_a_name_as_other_programs_spell_it_is_refused_with_the_right_spelling(part: str, typed: str) -> None:
    told = refusal(**{part: ("" if part == "subject" else TEXT) + f"Dear {typed}"})[part]

    shown = typed.replace("\u00a0", " ")
    assert f"`{shown}` would be sent as it stands: type `{{{{ mailing_name }}}}`" in told
    assert told.startswith("line 1: " if part == "subject" else "line 4: ")


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "typed", [*NAMES, "&lt;&lt;first_name&gt;&gt;", "[<b>First</b> Name]", "&laquo;Name&raquo;"]
)
def test_in_html_likewise(typed: str) -> None:
    told = refusal(html=f"{HTML}\n<p>Dear {typed}</p>")["html"]

    assert "would be sent as it stands: type `{{ mailing_name }}`" in told
    assert told.startswith("line 2: ")


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("[Vehicle Model]", "{{ model }}"),
        ("[Year Make Model]", "{{ year }} {{ make }} {{ model }}"),
        ("[Your Name]", "{{ owner }}"),
        ("[Shop Phone]", "{{ business_phone }}"),
        ("%%unsubscribe_url%%", "{{ unsubscribe_link }}"),
        ("[date]", "{{ last_service_date }}"),
    ],
)
def test_other_variables_too(typed: str, meant: str) -> None:
    assert meant in refusal(card=f"Hello {typed}")["card"]


@pytest.mark.rule("C6")
def test_another_programs_name_in_our_own_brackets_is_told_as_ours() -> None:
    assert refusal(card="Hello {{ first_name }}")["card"] == (
        "line 1: there is no variable `first_name`: type `{{ mailing_name }}`"
    )


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "[see below]",
            "[1]",
            "{ }",
            "50% off, 20% more",
            "Save 10% model 20%",
            "call [us] now",
            "{open Monday}",
        ),
        *(
            "[Note: name your price]",
            "<<Sale>>",
            "\u00abSale\u00bb",
            "We service [all makes]",
            "100%%",
            "| Make | Model |",
        ),
        *("[{{ model }}]", "{% if model %}[{{ model }}]{% endif %}", "{# [First Name] #}", "[Unsubscribe]"),
    ],
)
def test_ordinary_words_in_brackets_are_taken(typed: str) -> None:
    assert refusal(subject=f"Hello {typed}", text=TEXT + typed, card=f"Hello {typed}") == {}
    if "<" not in typed:
        assert refusal(html=f"{HTML}<p>{typed}</p>") == {}


@pytest.mark.rule("C6")
def test_a_link_in_brackets_and_a_style_are_no_placeholders() -> None:
    html = HTML + "<style>p { color: red }</style>[<a href='{{ feedback_link }}'>Review link</a>]"

    assert refusal(html=html) == {}


@pytest.mark.parametrize("kind", MessageKind)
def test_no_letter_of_ours_has_one(kind: MessageKind) -> None:
    ours = default_template(kind)

    assert not [*left_as_text(ours.html, is_html=True), *left_as_text(ours.mail_html, is_html=True)]
    for part in (ours.subject, ours.text, ours.card):
        assert not list(left_as_text(part, is_html=False))
