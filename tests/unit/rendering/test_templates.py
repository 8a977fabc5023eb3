"""A shop's own templates: what is taken, what is refused with line and reason, in bounded time (C6, C8)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.errors import BadInput
from crossbay.rendering.sandbox import VARIABLES
from crossbay.rendering.template import default_template
from crossbay.rendering.template_check import check_template
from tests.unit.rendering.letters import (
    HTML,
    TEXT,
    URL,
    facts,
    letter,
    refusal,
    refusal_of,
    template,
    written,
)

A_MOMENT_S = 5.0
"""Far more than any check takes (milliseconds), far less than a loop that doesn't end."""

MJML = """<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Dear {{ mailing_name }}, {{ postal_address }}</mj-text>
        <mj-table>
          {% for item in deferred_items %}
          <tr><td>{{ item }}</td></tr>
          {% endfor %}
        </mj-table>
        <mj-button href="{{ unsubscribe_link }}">Unsubscribe</mj-button>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""

SYNTAX = [
    ("{{ colour }}", "there is no variable `colour`"),
    ("{{ mailing_name.__class__ }}", "attributes of variables"),
    ("{{ mailing_name.__class__.__mro__[1].__subclasses__() }}", "nothing can be called"),
    ('{{ mailing_name|attr("__class__") }}', "there is no filter `attr`"),
    ('{{ mailing_name["__class__"] }}', "parts of variables"),
    ("{{ mailing_name[:2] }}", "parts of variables"),
    ('{{ "".__class__ }}', "attributes of variables"),
    ("{{ self._TemplateReference__context }}", "attributes of variables"),
    ("{{ lipsum() }}", "nothing can be called"),
    ("{{ cycler }}", "there is no variable `cycler`"),
    ("{{ mailing_name() }}", "nothing can be called"),
    ('{{ "%s"|format(mailing_name) }}', "there is no filter `format`"),
    ("{{ mailing_name|safe }}", "there is no filter `safe`"),
    ("{{ mailing_name|center(100000000) }}", "there is no filter `center`"),
    ('{{ mailing_name|replace("", "aaaaaaaa") }}', "there is no filter `replace`"),
    ("{{ mailing_name|upper(1) }}", "the filter `upper` takes in its brackets: nothing"),
    ("{{ mailing_name|truncate(model) }}", "the filter `truncate` takes in its brackets"),
    ("{{ mailing_name|truncate(1) }}", "the filter `truncate` can't work like this"),
    ('{{ mailing_name|default("x", boolean=true) }}', "the filter `default` takes in its brackets"),
    ('{{ mailing_name|join("xx")|join("xx") }}', "the filter `join` takes a list"),
    ('{{ deferred_items|join(",", "upper") }}', "the filter `join` takes in its brackets"),
    ("{{ deferred_items|upper }}", "the filter `upper` takes text"),
    ("{{ mailing_name|length|upper }}", "the filter `upper` takes text"),
    ("{{ deferred_items }}", "a list is printed with `for`"),
    ("{{ 10 ** 10 ** 10 }}", "this can't be used"),
    ('{{ "a" * 1000000000 }}', "this can't be used"),
    ("{{ 99999999999 }}", "plain values are text"),
    ("{{ 1.5 }}", "plain values are text"),
    ("{{ [1, 2] }}", "this can't be used"),
    ("{{ mailing_name ~ model }}", "this can't be used"),
    ("{{ mailing_name == 5 }}", "can't be mixed"),
    ('{{ "a" in mailing_name }}', "`in` can't be used"),
    ("{{ mailing_name is defined }}", "tests (with `is`)"),
    ("{{ mailing_name if model }}", "an inline `if` needs its `else`"),
    ("{% set x = 1 %}", "variables can't be set"),
    ("{% set x %}a{% endset %}", "variables can't be set"),
    ("{% with x = 1 %}{% endwith %}", "variables can't be set"),
    ("{% macro m() %}{% endmacro %}", "macros can't be used"),
    ("{% call m() %}{% endcall %}", "macros can't be used"),
    ('{% import "x" as x %}', "can't be imported"),
    ('{% from "x" import y %}', "can't be imported"),
    ('{% include "/etc/passwd" %}', "can't be included"),
    ('{% extends "x" %}', "can't be extended"),
    ("{% block b %}{% endblock %}", "blocks can't be used"),
    ("{% filter upper %}x{% endfilter %}", "filter blocks can't be used"),
    ("{% autoescape false %}{{ model }}{% endautoescape %}", "this can't be used"),
    ("{% do x %}", "there is no `{% do %}`"),
    ("{% for i in range(1000000000) %}x{% endfor %}", "goes through `deferred_items` only"),
    ("{% for letter in mailing_name %}x{% endfor %}", "goes through `deferred_items` only"),
    ("{% for a in deferred_items if a %}x{% endfor %}", "takes no condition here"),
    ("{% for a in deferred_items recursive %}{{ loop(a) }}{% endfor %}", "takes no condition here"),
    ("{% for model in deferred_items %}x{% endfor %}", "name the loop's variable"),
    ("{% for a, b in deferred_items %}x{% endfor %}", "name the loop's variable"),
    ("{% for a in deferred_items %}{{ loop.index }}{% endfor %}", "attributes of variables"),
    ("{% for a in deferred_items %}x{% endfor %}{{ a }}", "there is no variable `a`"),
    ("{% for a in deferred_items %}{% for b in deferred_items %}x{% endfor %}{% endfor %}", "inside another"),
    ("{% if model %}", "`{% endif %}` is missing"),
    ("{{ model", "never closed"),
    ("{{ }}", "this can't be read"),
    ("{{ " + "(" * 2000 + "model" + ")" * 2000 + " }}", "too deeply inside each other"),
    ("{{ " + "not " * 500 + "model }}", "too deeply inside each other"),
    ("{% if model %}" * 200 + "{% endif %}" * 200, "too deeply inside each other"),
    ("{{ model" + "|upper" * 50 + " }}", "too deeply inside each other"),
    ("{% if model %}" + "{% elif make %}" * 51 + "{% endif %}", "more than 50 `elif`"),
    ("{{ 0x" + "f" * 5000 + " }}", "plain values are text"),
    ("{{ " + "9" * 5000 + " }}", "a number is too large"),
]

MARKUP = [
    ("<script>alert(1)</script>", "the tag `<script>` isn't allowed"),
    ("<SCRIPT\n>alert(1)</SCRIPT>", "the tag `<script>` isn't allowed"),
    ("<scr{{ model }}ipt>", "isn't allowed"),
    ("<iframe src='https://example.com'></iframe>", "the tag `<iframe>` isn't allowed"),
    ("<form action='https://example.com'></form>", "the tag `<form>` isn't allowed"),
    ("<input>", "the tag `<input>` isn't allowed"),
    ("<object data='x'></object>", "the tag `<object>` isn't allowed"),
    ("<svg><script>1</script></svg>", "the tag `<svg>` isn't allowed"),
    ("<meta http-equiv='refresh' content='0;url=https://example.com'>", "`http-equiv=refresh` isn't allowed"),
    ("<a href='javascript:alert(1)'>a</a>", "a link starts with"),
    ("<a href=' java\nscript:alert(1)'>a</a>", "a link starts with"),
    ("<a href='&#106;avascript:alert(1)'>a</a>", "a link starts with"),
    ("<a href='data:text/html,x'>a</a>", "a link starts with"),
    ("<a href='{{ model }}'>a</a>", "a link starts with"),
    ("<a href='{% if model %}javascript:x{% endif %}'>a</a>", "a link starts with"),
    ("<img src='http://example.com/a.png'>", "starts with https://"),
    ("<img src='https://example.com/{{ mailing_name }}.png'>", "nothing in curly brackets can stand"),
    ("<p style='color: {{ model }}'>a</p>", "nothing in curly brackets can stand in the attribute `style`"),
    ("<p {{ model }}>a</p>", "curly brackets stand in the text"),
    ("<style>p { color: {{ model }} }</style>", "nothing in curly brackets can stand in CSS"),
    ("<!--[if mso]><script>1</script><![endif]-->", "the tag `<script>` isn't allowed"),
    ('{{ mailing_name|default("<b>") }}', "no < or > can be used"),
    ("a\x00b", "the character U+0000"),
    ("{% raw %}{{ model }}{% endraw %}", "raw blocks can't be used"),
    ("<?php echo 1 ?>", "`<?` can't be used"),
    ("<div>" * 5000, "more than 100 tags"),
    ("<!--[if mso]>" + "<p>" * 5000 + "<![endif]-->", "more than 100 tags"),
    ("a < b", "is written `&lt;`"),
    ("&#" + "9" * 5000 + ";", "is no character"),
    ("<style>p { color: red }", "`<style>` never ends"),
]


@pytest.mark.rule("C6")
@pytest.mark.parametrize(("nasty", "reason"), SYNTAX, ids=range(len(SYNTAX)))
@pytest.mark.parametrize("part", ["subject", "html", "text", "card"])
def test_a_template_that_reaches_beyond_its_variables_is_refused_with_the_reason(
    part: str, nasty: str, reason: str
) -> None:
    whole = {"subject": nasty, "html": HTML + nasty, "text": TEXT + nasty, "card": nasty}
    if len(nasty) > 300 and part == "subject":
        reason = "300 are the most"
    if len(nasty) > 2000 and part == "card":
        reason = "2000 are the most"

    began = time.monotonic()
    refused = refusal(**{part: whole[part]})

    assert time.monotonic() - began < A_MOMENT_S
    assert list(refused) == [part]
    assert reason in refused[part]


@pytest.mark.rule("C6")
@pytest.mark.parametrize(("nasty", "reason"), MARKUP, ids=range(len(MARKUP)))
def test_html_that_is_no_letter_is_refused_with_line_and_reason(nasty: str, reason: str) -> None:
    refused = refusal(html=f"{HTML}\n\n{nasty}")

    assert list(refused) == ["html"]
    assert refused["html"].startswith(("line 3: ", "line 4: "))
    assert reason in refused["html"]


@pytest.mark.rule("C6")
@pytest.mark.parametrize("start", ["", "<title>", "<mjml><mj-body><mj-text>"])
@pytest.mark.parametrize(
    "repeated",
    ["<!--", "<title>", "<style>", "<a ", "<a b='", "<", "<?", "</", "&#", "<!--[if mso]>", "{{ '", "{#"],
)
def test_what_never_ends_is_refused_in_bounded_time(start: str, repeated: str) -> None:
    source = start + HTML + repeated * (49_000 // len(repeated))

    began = time.monotonic()
    refused = refusal(html=source)

    assert time.monotonic() - began < A_MOMENT_S
    assert list(refused) == ["html"]


@pytest.mark.rule("C6")
def test_a_script_that_only_some_parsers_see_is_refused() -> None:
    assert "script" in refusal(html=f"{HTML}<!--><script>alert(1)</script> -->")["html"]


@pytest.mark.rule("C6")
def test_every_part_that_cant_be_taken_is_named_with_its_line() -> None:
    refused = refusal(
        subject="Hello {{ nobody }}",
        html=f"{HTML}\n<p>\n<script>",
        text=TEXT + "\n\n{{ colour }}",
        card="Hello\n{% for i in range(9) %}{% endfor %}",
    )

    assert {part: reason.partition(":")[0] for part, reason in refused.items()} == {
        "subject": "line 1",
        "html": "line 3",
        "text": "line 6",
        "card": "line 2",
    }


@pytest.mark.rule("C8")
@pytest.mark.parametrize("missing", ["unsubscribe_link", "postal_address"])
def test_a_template_without_unsubscribe_link_or_postal_address_is_refused(missing: str) -> None:
    variable = f"{{{{ {missing} }}}}"

    refused = refusal(html=HTML.replace(variable, "https://example.com"), text=TEXT.replace(variable, ""))

    assert set(refused) == {"html", "text"}
    assert all(variable in reason for reason in refused.values())


@pytest.mark.rule("C8")
@pytest.mark.parametrize(
    "html",
    [
        '{% if model %}<a href="{{ unsubscribe_link }}">Stop</a>{% endif %}{{ postal_address }}',
        "<p>{{ unsubscribe_link }} {{ postal_address }}</p>",
        '<!-- <a href="{{ unsubscribe_link }}">Stop</a> --> {{ postal_address }}',
        '<a href="{{ unsubscribe_link }}">Stop</a><!-- {{ postal_address }} -->',
        '<head><title>{{ postal_address }}</title></head><a href="{{ unsubscribe_link }}">Stop</a>',
        '<a href="https://example.com/?{{ unsubscribe_link }}">Stop</a>{{ postal_address }}',
    ],
)
def test_an_unsubscribe_link_or_address_that_not_every_reader_finds_is_none(html: str) -> None:
    assert "html" in refusal(html=html)


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "subject", ["Hello\r\nBcc: x@example.com", "Hello\nthere", "Hel\x00lo", "Hello\u2028you"]
)
def test_a_subject_with_a_line_break_is_refused(subject: str) -> None:
    assert "one line" in refusal(subject=subject)["subject"]


def test_line_breaks_in_what_a_subject_prints_become_blanks() -> None:
    taken = check_template(MessageKind.THANK_YOU, template(subject="Dear {{ mailing_name }}"))

    rendered = written(taken, facts(mailing_name="Ada\r\nBcc: x@example.com\x00"))

    assert rendered.subject == "Dear Ada Bcc: x@example.com"


@pytest.mark.parametrize(
    ("part", "size"), [("subject", 301), ("html", 50_001), ("text", 10_001), ("card", 2_001)]
)
def test_a_part_past_its_size_is_refused_before_anything_reads_it(part: str, size: int) -> None:
    assert refusal(**{part: "x" * size})[part].startswith(f"{size} bytes")


@pytest.mark.parametrize("part", ["subject", "html", "text", "card"])
def test_an_empty_part_is_refused(part: str) -> None:
    assert refusal(**{part: " \n"})[part] == "this part is empty"


def test_a_letter_that_comes_out_too_long_ends_in_bounded_time_and_memory() -> None:
    loop = "{% for item in deferred_items %}" + "x" * 9_000 + "{% endfor %}"
    taken = check_template(MessageKind.DEFERRED, template(text=TEXT + loop))

    with pytest.raises(BadInput, match="comes out too long"):
        written(taken, facts(deferred_items=("item",) * 5_000))


@pytest.mark.rule("C6")
def test_a_template_may_use_every_variable() -> None:
    everything = "\n".join(f"{{{{ {name} }}}}" for name in VARIABLES if name != "deferred_items")

    rendered = letter(text=everything + "\n{{ deferred_items | join('; ') }}")

    for value in (
        "Ada Quill",
        "2021",
        "Sam Rivers",
        URL,
        "Brake pads, front axle; Cabin air filter",
        "\n7\n",
    ):
        assert value in rendered.text


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ model | upper }} {{ model | lower }} {{ 'ada' | title }}", "CIVIC civic Ada"),
        ("{{ feedback_link | truncate(15) }}", "https://exam..."),
        ("{{ plate | default('none', true) }} {{ (model if year else make) | trim }}", "QX0001 Civic"),
        ("{% if year == '2021' and not deferred_items %}a{% elif reminder_2_days >= 7 %}b{% endif %}", "b"),
        ("{% for job in deferred_items %}[{{ job | capitalize }}]{% else %}none{% endfor %}", "[Brake pads"),
        ("{{ deferred_items | length }}{# not shown #}", "2"),
        ("{{ 'it\\'s' }} {{- ' close' }}", "it's close"),
    ],
)
def test_conditions_loops_and_filters_of_everyday_work(source: str, printed: str) -> None:
    assert printed in letter(text=TEXT + source).text


def test_a_default_stands_in_for_what_is_not_known() -> None:
    taken = check_template(MessageKind.THANK_YOU, template(card="Your {{ model | default('car') }}"))

    assert written(taken, facts(model="")).card == "Your car\n"


@pytest.mark.rule("C6")
def test_mjml_becomes_html_for_every_mail_program() -> None:
    rendered = letter(html=MJML)

    assert rendered.html.startswith("<!DOCTYPE html>")
    assert "mj-" not in rendered.html.replace("mj-column-per-100", "").replace("mj-outlook-group-fix", "")
    assert "Dear Ada Quill, 1200 Harbor Blvd" in rendered.html
    assert [rendered.html.count(f">{item}</td>") for item in facts().deferred_items] == [1, 1]
    table, row = rendered.html.rindex("<table", 0, rendered.html.index("Brake")), rendered.html.index("Brake")
    assert table < row < rendered.html.index("</table>", row)


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("<mj-text>", "<mj-text><mj-include path='/etc/passwd' />"), 5, "`<mj-include>` isn't allowed"),
        (("<mj-body>", "<mj-head><mj-font href='https://example.com' /></mj-head><mj-body>"), 2, "mj-font"),
        (("<mj-text>", "<mj-text>{{ modle }}"), 5, "there is no variable `modle`: type `model`"),
        (("<mj-button ", "<mj-button background-url='http://example.com/a' "), 11, "https://"),
        (("</mj-body>\n", "\n"), 15, "`</mjml>` closes nothing here; `</mj-body>` is missing"),
        (("</mj-body>\n</mjml>", ""), 2, "this is not MJML: `<mj-body>` is never closed"),
        (("<mj-table>", "<mj-spacer>{{ model }}</mj-spacer><mj-table>"), 6, "this is not MJML"),
        (("<mj-button ", "<mj-button title='{{ model }}' "), 11, "gets lost here"),
    ],
)  # fmt: skip
def test_mjml_is_held_to_the_same_rules(change: tuple[str, str], line: int, reason: str) -> None:
    refused = refusal(html=MJML.replace(*change))

    assert refused["html"].startswith(f"line {line}: ")
    assert reason in refused["html"]


def test_css_of_a_shops_own_html_goes_into_its_tags_and_media_rules_stay() -> None:
    css = "<style>p { color: #123456 } @media (max-width: 400px) { p { color: red } }</style>"

    html = letter(html=f"<html><head>{css}</head><body>{HTML}</body></html>").html

    assert '<p style="color: #123456;">' in html
    assert "@media (max-width: 400px)" in html
    assert html.count("#123456") == 2


def test_a_table_filled_by_a_loop_keeps_its_rows_inside() -> None:
    table = "<table>{% for job in deferred_items %}<tr><td>{{ job }}</td></tr>{% endfor %}</table>"

    html = letter(html=HTML + table).html

    assert html.index("<table>") < html.index("Brake pads") < html.index("Cabin") < html.index("</table>")


def test_values_are_escaped_in_html_and_left_alone_in_text() -> None:
    quoted = '<a title="{{ mailing_name | default("a & b") }}" href="https://example.com">x</a>'
    taken = check_template(MessageKind.THANK_YOU, template(html=HTML + quoted))

    rendered = written(taken, facts(mailing_name='"><script>alert(1)</script>'))

    assert "<script" not in rendered.html
    assert 'title="&#34;&gt;&lt;script&gt;' in rendered.html
    assert 'Dear "><script>alert(1)</script>' in rendered.text


@given(source=st.text(alphabet="{}%#|()<>=\"'abi .-\n", max_size=60) | st.text(max_size=40))
def test_whatever_is_typed_is_either_refused_with_a_line_or_can_be_sent(source: str) -> None:
    whole = template(html=HTML + source, text=TEXT + source, card=source + "x", subject="x" + source)

    refused = refusal_of(whole)

    if refused:
        assert all(reason.startswith("line ") for reason in refused.values())
    else:
        assert URL in written(check_template(MessageKind.THANK_YOU, whole), facts()).html


def test_defaults_of_the_six_kinds_differ() -> None:
    assert len({default_template(kind).mail_html for kind in MessageKind}) == len(MessageKind)
