"""The OpenAPI document as one readable page: no scripts, nothing loaded from elsewhere."""

import json
import re
from html import escape
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from local.emulator import ROOT

Json = dict[str, Any]


def page(document: Json) -> str:
    """The page, self-contained."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "local"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = _prose
    shown = environment.get_template("openapi_page.html").render(
        info=document["info"], sections=_sections(document), records=_records(document)
    )
    return shown.strip() + "\n"


def _sections(document: Json) -> list[Json]:
    """One section a tag, in the document's order, with its operations."""
    sections = {tag["name"]: {**tag, "operations": []} for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sections[operation["tags"][0]]["operations"].append(
                {"method": method.upper(), "path": path} | _operation(operation, document)
            )
    return [section for section in sections.values() if section["operations"]]


def _operation(operation: Json, document: Json) -> Json:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "is_open": operation.get("security") == [],
        "parameters": [{**one, "type": _type(one["schema"])} for one in operation.get("parameters", ())],
        "body": _name_of(body.get("schema", {})),
        "answers": [_answer(code, answer, document) for code, answer in operation["responses"].items()],
    }


def _answer(code: str, answer: Json, document: Json) -> Json:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content: Json = next(iter(answer.get("content", {}).values()), {})
    return {
        "code": code,
        "description": answer["description"],
        "record": _name_of(content.get("schema", {})),
        "headers": list(answer.get("headers", {})),
    }


def _records(document: Json) -> list[Json]:
    return [
        {
            "name": name,
            "description": schema.get("description", ""),
            "values": schema.get("enum", []),
            "example": _example(schema),
            "fields": [
                {
                    "name": field,
                    "type": _type(inner),
                    "is_required": field in schema.get("required", ()),
                    "description": inner.get("description", ""),
                }
                for field, inner in schema.get("properties", {}).items()
            ],
        }
        for name, schema in document["components"]["schemas"].items()
    ]


def _example(schema: Json) -> str:
    examples = schema.get("examples", [])
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _name_of(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _type(schema: Json) -> Markup:
    """A schema in a few words, with links to the records it names."""
    if name := _name_of(schema):
        return Markup('<a href="#{0}">{0}</a>').format(name)
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return Markup(" or ").join(dict.fromkeys(_type(one) for one in schema[several]))
    if schema.get("type") == "array":
        return Markup("list of {}").format(_type(schema.get("items", {})))
    if "const" in schema:
        return Markup("<code>{}</code>").format(json.dumps(schema["const"]))
    words = [str(schema.get("format") or schema.get("type", "anything"))]
    bounds = {"minLength": "at least {}", "maxLength": "at most {}", "minimum": "from {}", "maximum": "to {}"}
    words += [text.format(schema[bound]) for bound, text in bounds.items() if bound in schema]
    return Markup("{}").format(", ".join(words))


def _prose(text: str) -> Markup:
    """The small part of Markdown that descriptions use: paragraphs, tables, `code` and **bold**."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    lines = block.splitlines()
    if not lines[0].startswith("|"):
        return Markup("<p>{}</p>").format(_inline(" ".join(lines)))
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if "---" not in line]
    head, *body = [
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<{0}>{1}</{0}>").format(cell_tag, _inline(cell)) for cell in row)
        )
        for cell_tag, row in zip(["th"] + ["td"] * len(rows), rows, strict=False)
    ]
    return Markup("<table>{}{}</table>").format(head, Markup("").join(body))


def _inline(text: str) -> Markup:
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", marked))  # noqa: S704 (escaped above)
