"""Letters as people paste them: all mistakes at once, what pasting left dropped, nothing hidden (C6, C8)."""

import time
from dataclasses import replace

import pytest

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.errors import BadInput
from crossbay.rendering.mail_html import notices
from crossbay.rendering.template import render_card, render_email
from crossbay.rendering.template_check import check_template
from tests.unit.rendering.letters import HTML, TEXT, URL, facts, letter, refusal, template, written

LINK = '<a href="{{ unsubscribe_link }}">Stop</a>'
ADDRESS = "<p>{{ postal_address }}</p>"
PASTED = """Dear {{ mailing_name | default(\u201cfriend\u201d) }},
{% if reminder_2_days &gt; 0 %}We will write once more.{% endif %}
Your {{&nbsp;modle }} of {{ colour }} is due, {{ make|uper }}.
{{ postal_address }}
"""


@pytest.mark.rule("C6")
def test_everything_wrong_with_a_pasted_text_is_told_at_once_with_what_to_type_instead() -> None:
    told = refusal(text=PASTED)["text"].split("\n")

    assert told == [
        "line 1: the curly quote \u201c, the curly quote \u201d can't stand inside a tag: "
        'type `{{ mailing_name | default("friend") }}`',
        "line 2: `&gt;` can't stand inside a tag: type `{% if reminder_2_days > 0 %}`",
        "line 3: `&nbsp;` can't stand inside a tag: type `{{ modle }}`",
        "line 3: there is no variable `modle`: type `model`",
        told[4],
        "line 3: there is no filter `uper`: type `upper`",
        "line 4: every e-mail needs `{{ unsubscribe_link }}`, outside every `if` and `for`",
    ]
    assert told[4].startswith("line 3: there is no variable `colour`; there are mailing_name")


@pytest.mark.rule("C6")
def test_all_parts_of_a_letter_and_all_kinds_of_mistakes_in_its_html_are_told_in_one_answer() -> None:
    html = (
        "<p>{{ modle }}</p>\n<form></form>\n<img src='http://example.com/a.png'>\n"
        "<a href='javascript:x'>x</a>\n<p>{{ make.name }}</p>\n"
    )

    syntax = refusal(html=html, subject="{{ plat }}", card="{% set x = 1 %}")
    markup = refusal(html=html.replace("modle", "model").replace(".name", ""))["html"].split("\n")

    assert [line[:7] for line in syntax["html"].split("\n")][:2] == ["line 1:", "line 5:"]
    assert syntax["subject"] == "line 1: there is no variable `plat`: type `plate`"
    assert syntax["card"] == "line 1: variables can't be set"
    assert [line[:7] for line in markup][:3] == ["line 2:", "line 3:", "line 4:"]


@pytest.mark.rule("C6")
def test_with_broken_syntax_the_other_tags_are_judged_all_the_same() -> None:
    told = refusal(text=TEXT + "{% if model %}\n{{ modle }}\n{{ colour.x }}\n")["text"]

    assert "there is no variable `modle`: type `model`" in told
    assert "attributes of variables" in told
    assert "`{% endif %}` is missing" in told


@pytest.mark.parametrize(
    "tag",
    [
        *(
            "{{ model | default(\u2018car\u2019) }}",
            "{{\u00a0model }}",
            "{{ mo\u200bdel }}",
            "{{ <b>model</b> }}",
        ),
        *("{{&#160;model&nbsp;}}", "{% if model == \u201cCivic\u201d %}x{% endif %}"),
    ],
)
def test_what_is_told_to_be_typed_is_taken(tag: str) -> None:
    told = refusal(html=HTML + tag)["html"]
    right = told.partition("type `")[2].rstrip("`")

    assert right
    assert not refusal(html=HTML + right + ("x{% endif %}" if "{%" in right else ""))


def test_what_stands_in_straight_quotes_stays_as_it_was_typed() -> None:
    assert "It\u2019s you" in letter(text=TEXT + '{{ "It\u2019s you" }}').text
    assert "Due" in letter(html=HTML + "{% if reminder_2_days > 0 %}Due{% endif %}").html


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="a_files/filelist.xml">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- @font-face {font-family:"Cambria Math"; panose-1:2 4;} p.MsoNormal {font-family:"\\@SimSun";
color:red;}
@page WordSection1 {size:8.5in 11.0in;} --></style></head>
<body lang=EN-US><?xml:namespace prefix = o ns = "urn:x" /><div class=WordSection1>
<p class=MsoNormal style='margin:0in;mso-style-name:"\\005B"'>Dear {{ mailing_name }},<o:p>&nbsp;</o:p></p>
<![if !supportLists]><span>1.</span><![endif]><st1:place w:st="on">Albany</st1:place>
<xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml>
<article><p onclick="x()">{{ postal_address }}</p><a href="{{ unsubscribe_link }}">Unsubscribe</a></article>
</div></body></html>
"""


@pytest.mark.rule("C6")
def test_what_word_leaves_in_a_letter_is_left_out_with_a_notice_and_the_letter_is_taken() -> None:
    whole = template(html=WORD)

    html = written(check_template(MessageKind.THANK_YOU, whole), facts()).html

    told = " ".join(notices(WORD))
    assert "`<xml>`" in told
    for left in (
        "o:p",
        "SimSun",
        "st1:place",
        "<?xml",
        "supportLists",
        "onclick",
        "<article",
        "@page",
    ):
        assert left not in html
        assert left.strip(">") in told
    assert all(notice.startswith("line ") for notice in notices(WORD))
    for kept in ("Dear Ada Quill", "Albany", URL, "1.", "1200 Harbor Blvd"):
        assert kept in html
    assert "color: red" in html


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "junk",
    [
        "<base href='https://example.com'>",
        "<link rel='stylesheet' href='https://example.com/a.css'>",
        "<p onclick='x()'>a</p>",
        "<p OnMouseOver=x()>a</p>",
        "<p style='background: url(https://example.com/a); color: red'>a</p>",
        "<style>@import 'https://example.com/a.css'; p { color: blue }</style>",
        "<style>@font-face { src: url(https://example.com/a.woff) }</style>",
        "<style>p { width: expression(alert(1)); color: blue }</style>",
        "<figure><figcaption>a</figcaption></figure>",
    ],
)
def test_what_mail_programs_ignore_is_left_out_with_a_notice_that_names_its_line(junk: str) -> None:
    source = f"{HTML}\n\n{junk}"

    html = letter(html=source).html

    assert not any(
        word in html for word in ("url(", "import", "onclick", "OnMouse", "expression", "<base", "<link")
    )
    assert notices(source)
    assert all(notice.startswith("line 3: ") for notice in notices(source))
    assert notices(HTML) == ()


ON_PHONES = "@media (max-width: 600px) { .x { display: none } }"
UNSEEN = [
    f'<a href="{{{{ unsubscribe_link }}}}"></a>{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}"> &nbsp;&#8203; </a>{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}"><img src="https://example.com/a.png" alt=""></a>{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}">{{% if model %}}Stop{{% endif %}}</a>{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}">{{{{ owner }}}}</a>{ADDRESS}',
    f"<p hidden>{LINK}</p>{ADDRESS}",
    f'<p aria-hidden="true">{LINK}</p>{ADDRESS}',
    f"<!-- {LINK} -->{ADDRESS}",
    f"<title>{LINK}</title>{ADDRESS}",
    f"<style>.x {{ display: none }}</style><p class=x>{LINK}</p>{ADDRESS}",
    f"<style>{ON_PHONES}</style><p class=x>{LINK}</p>{ADDRESS}",
    f"<style>{ON_PHONES.replace('.x', 'p a')}</style><p>{LINK}</p>{ADDRESS}",
    f"<style>{ON_PHONES.replace('.x', '#x')}</style><p id=x>{LINK}</p>{ADDRESS}",
    f'<a href="{{{{ unsubscribe_link }}}}"><img src="https://example.com" alt="x" width="1"></a>{ADDRESS}',
    f'<body bgcolor="#124f6b"><p>{LINK.replace("<a ", "<a style=color:#124F6B ")}</p>{ADDRESS}',
    *(
        f'<div style="{style}">{LINK}</div>{ADDRESS}'
        for style in (
            "display:none",
            "display: none !important; display: block",
            "visibility:hidden",
            "opacity:0",
            "font-size:0",
            "font-size:1px",
            "font-size:.01em",
            "max-height:0;overflow:hidden",
            "height:1px;width:1px;overflow:hidden",
            "position:absolute;left:-9999px",
            "text-indent:-9999px",
            "margin-left:-5000px",
            "clip:rect(0,0,0,0)",
            "mso-hide:all",
            "transform:scale(0)",
            "opacity:1%",
            "zoom:0",
            "text-indent:calc(-9999px)",
            "font:0/0 a",
            "font:italic 700 1px/1.5 Arial",
        )
    ),
    *(
        f'<a href="{{{{ unsubscribe_link }}}}" style="{style}">Stop</a>{ADDRESS}'
        for style in (
            "color:#fff",
            "color:white",
            "color:rgb(255,255,255)",
            "color:transparent",
            "color:#fefefe",
            "color:floralwhite",
            "color:hsl(0, 0%, 100%)",
            "color:hsl(210deg 50% 99%)",
            "font:1px Arial",
        )
    ),
]


@pytest.mark.rule("C8")
@pytest.mark.parametrize("html", UNSEEN, ids=range(len(UNSEEN)))
def test_an_unsubscribe_link_that_no_reader_sees_is_none(html: str) -> None:
    told = refusal(html=html)["html"]

    assert "unsubscribe_link" in told


SEEN = [
    '<body bgcolor="#124f6b"><a href="{{ unsubscribe_link }}" style="color:#fff">Stop</a>'
    '<p style="color:white">{{ postal_address }}</p></body>',
    f'<div style="display:none">Hello from us</div>{LINK}{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}"><img src="https://example.com/a" alt="Unsubscribe"></a>{ADDRESS}',
    f'<a href="{{{{ unsubscribe_link }}}}">{{{{ unsubscribe_link }}}}</a>{ADDRESS}',
    f"<style>{ON_PHONES}</style><p class=x>Wide</p>{LINK}{ADDRESS}",
    f'<p style="font-size:11px;color:#777">{LINK}</p>{ADDRESS}',
    f'<p style="font:bold 700 12px/1.5 Arial;color:hsl(0, 0%, 20%)">{LINK}</p>{ADDRESS}',
    f'<p style="font:inherit;background:lavender;color:darkslategray">{LINK}</p>{ADDRESS}',
    f"<style>{ON_PHONES.replace('.x', 'td.x, img')}</style><p>{LINK}</p>{ADDRESS}",
    f'<table bgcolor="black"><tr><td style="background:#fff">{LINK}</td></tr></table>{ADDRESS}',
]


@pytest.mark.rule("C8")
@pytest.mark.parametrize("html", SEEN, ids=range(len(SEEN)))
def test_a_link_that_a_reader_sees_is_taken_whatever_else_is_hidden(html: str) -> None:
    assert not refusal(html=html)


@pytest.mark.rule("C8")
@pytest.mark.parametrize(
    "target", ["http://{{ unsubscribe_link }}", "{{ unsubscribe_link }}?x", "https://{{ feedback_link }}"]
)
def test_a_link_of_ours_is_the_whole_of_where_it_leads(target: str) -> None:
    told = refusal(html=f'{LINK}\n<a href="{target}">Here</a>{ADDRESS}')["html"]

    assert told.startswith("line 2: ")
    assert "has to be the whole link" in told


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<style>@media screen{#u{color:red}}</style>", "put a blank behind the `{`"),
        ("{# a note", "`#}`"),
        ("{{{ model }}}", "`{{ model }}`"),
        ("{{ model % }}", "`{{ model }}`"),
        ("{% if model %}<p>x</p>", "`{% endif %}` is missing"),
        ("{% for d in deferred_items %}{{ d }}{% endif %}", "`{% endfor %}` is missing before `{% endif %}`"),
        ("{% endif %}", "`{% endif %}` belongs to nothing here"),
        ("{% else %}", "`{% else %}` belongs to nothing here"),
        ("{% if make = 'Jeep' %}x{% endif %}", "compare with `==`"),
        ("{% if make && model %}x{% endif %}", "`and`"),
        ("{{ model", "type `}}`"),
        ("{% unless model %}", "there is no `{% unless %}`"),
    ],
)
def test_what_jinja_cannot_read_is_told_in_words_of_a_letter(source: str, told: str) -> None:
    reason = refusal(html=f"{LINK}{ADDRESS}\n{source}")["html"]

    assert reason.startswith("line 2: ")
    assert told in reason


@pytest.mark.rule("C8")
def test_a_postal_address_that_no_reader_sees_is_none() -> None:
    told = refusal(html=f'{LINK}\n<p style="display:none">{{{{ postal_address }}}}</p>')["html"]

    assert told == "line 2: nobody sees `{{ postal_address }}` here: `display: none` hides it"


@pytest.mark.rule("C8")
@pytest.mark.parametrize(
    "text",
    [
        "Stop:{{ postal_address }}{{ unsubscribe_link }}",
        "{{ postal_address }} x{{ unsubscribe_link }}",
        "{{ postal_address }} {{ unsubscribe_link }}/x",
        "{{ postal_address }} {{ unsubscribe_link | upper }}",
    ],
)
def test_in_plain_text_the_link_stands_by_itself(text: str) -> None:
    assert "unsubscribe_link" in refusal(text=text)["text"]
    assert not refusal(text="{{ postal_address }} Stop: <{{ unsubscribe_link }}>.")


@pytest.mark.rule("C8")
def test_a_subject_never_holds_the_unsubscribe_link() -> None:
    assert "can't stand in a subject" in refusal(subject="Stop: {{ unsubscribe_link }}")["subject"]


@pytest.mark.rule("C6")
@pytest.mark.parametrize("constant", ["'\\ud800'", "'a\\udfff'", "'\\x00'", "'\\u2028'", "'\\x1b'"])
@pytest.mark.parametrize("part", ["subject", "html", "text", "card"])
def test_text_that_no_mail_can_carry_is_refused_when_it_is_saved(part: str, constant: str) -> None:
    start = {"html": HTML, "text": TEXT}.get(part, "x")
    for tag in (f"{{{{ {constant} }}}}", f"{{{{ deferred_items | join({constant}) }}}}"):
        assert "text in quotes can't hold" in refusal(**{part: start + tag})[part]


@pytest.mark.rule("C6")
def test_blanks_at_the_end_of_a_line_or_a_subject_go() -> None:
    about = "About: {{ make }} {{ model }}"
    taken = check_template(
        MessageKind.THANK_YOU, template(subject=about, text=f"{about}\n{TEXT}", card=f"A\n{about}")
    )

    rendered = written(taken, facts(make="Jeep", model=""))

    assert rendered.subject == "About: Jeep"
    assert rendered.text.startswith("About: Jeep\n")
    assert rendered.card.endswith("About: Jeep\n")


@pytest.mark.rule("C10")
def test_a_card_that_can_never_be_printed_is_refused_when_it_is_saved() -> None:
    assert "too long for it" in refusal(card="Hello\n\n" + "line\n" * 90)["card"]
    assert "no font has the letter" in refusal(card="Hello \U00013000")["card"]


@pytest.mark.parametrize("combinator", [" ", ">", "+", "~"])
def test_css_that_would_take_long_is_refused_in_bounded_time(combinator: str) -> None:
    css = f"[y]{combinator}b{{c:d}}" * 1_500
    html = f"<style>{css}</style>" + HTML + "<a><b></b></a>" * 1_400

    began = time.process_time()
    told = refusal(html=html)["html"]

    assert "take too long" in told
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "nasty",
    [
        *("a:b;" * 10_000, "color:rgb(" + "1," * 20_000, "{" * 40_000, "a{b:url(" * 5_000, "@page " * 8_000),
        *(
            "/*" * 20_000,
            "a{b:url('" * 4_000,
            "@import x " * 4_000,
            "a " * 20_000,
            "\\" * 40_000,
            "a{" * 20_000,
        ),
    ],
)
def test_css_of_any_shape_is_judged_in_bounded_time(nasty: str) -> None:
    began = time.process_time()
    refusal(html=f"<style>{nasty}</style>{HTML}")
    refusal(html=f"<p style='{nasty.replace(chr(39), '')}'>x</p>{HTML}")

    assert time.process_time() - began < 5


def test_the_largest_style_sheet_of_a_newsletter_is_taken() -> None:
    css = "".join(f".c{number} {{ color: #12345{number % 10} }}" for number in range(300))

    assert not refusal(html=f"<style>{css}</style>{HTML}" + "<p class=c1>x</p>" * 300)


def test_a_mail_is_rendered_whatever_its_card_says() -> None:
    taken = replace(check_template(MessageKind.THANK_YOU, template()), card="x" * 20_001)

    assert render_email(taken, facts()).subject == "Hello"
    with pytest.raises(BadInput):
        render_card(taken, facts())
