"""An example of every record, made from its schema: values by name where a name says more than a type."""

import re
from typing import Any

Json = dict[str, Any]

_REF = "#/components/schemas/"
_ID = "0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"
_DEEPEST = 6

BY_NAME: dict[str, Any] = {
    "amount_cents": 28900,
    "body_style": "Sedan",
    "by": _ID,
    "business_name": "Harborline Seattle",
    "category": "Brakes",
    "city": "Anytown",
    "code": "do_not_mail",
    "content": "Dear Ada Quill, ...",
    "content_type": "image/jpeg",
    "country": "US",
    "csv_url": "https://files.example.com/list.csv",
    "department": "Service",
    "description": "Front brake pads",
    "detail": "This repair order is void and can't be changed any more.",
    "email": "ada@example.com",
    "emails": ["ada@example.com"],
    "engine": "2.0L I4",
    "field": "phones.0.number",
    "findings": "3 mm left",
    "first_name": "Ada",
    "fingerprint": "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
    "how": "at the counter",
    "label": "mobile",
    "last_name": "Quill",
    "line1": "1200 N Harbor Blvd",
    "make": "Honda",
    "model": "Civic",
    "month": "2027-03",
    "name": "Ada Quill",
    "notes": "Gate code at the office",
    "number": "1041",
    "owner": "Ada Quill",
    "password": "Harbor-4711-pier",
    "phone": "+12125550147",
    "phones": [{"number": "+12125550147", "label": "mobile"}],
    "plate": "QX0147",
    "plate_region": "NY",
    "postal_code": "10001",
    "reason": "Asked at the counter",
    "region": "NY",
    "shop_name": "Harborline Seattle",
    "source": "Yelp",
    "street": "1200 n harbor blvd",
    "subject": "Your Honda Civic",
    "text": "Front brake pads are worn",
    "time_zone": "America/New_York",
    "title": "Front brake pads",
    "vin": "1HGCM82633A004352",
    "year": 2024,
}
"""What a field of this name holds in every example where the schema allows it."""

_MOSTLY_EMPTY = {"company_name", "deleted_at", "erased_at", "line2", "merged_into", "file_removed_at"}

_BY_FORMAT = {
    "date": "2027-03-01",
    "date-time": "2027-03-01T14:30:00.000Z",
    "uri": "https://files.example.com/1",
}


def examples_of(schemas: Json, shown: set[str], *, changed: set[str]) -> Json:
    """An example of each of the schemas shown, by name. changed: PATCH bodies, of which two fields do."""
    found: Json = {}
    for name in sorted(shown):
        schema = schemas[name]
        made = example_of({"$ref": _REF + name}, schemas)
        if name in changed:
            required = schema.get("required", ())
            made = {field: made[field] for field in [*required, *(f for f in made if f not in required)][:2]}
        found[name] = made
    return found


def example_of(schema: Json, schemas: Json, *, field: str = "", depth: int = _DEEPEST) -> Any:
    """A value that fits the schema."""
    if reference := str(schema.get("$ref", "")).removeprefix(_REF):
        named = schemas[reference]
        return named["examples"][0] if "examples" in named else example_of(named, schemas, depth=depth)
    if field in _MOSTLY_EMPTY:
        return ""
    for fixed in ("const", "default"):
        if fixed in schema and (fixed == "const" or schema[fixed]):
            return schema[fixed]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            options = [one for one in schema[several] if one != {"type": "null"}]
            return example_of(options[0], schemas, field=field, depth=depth)
    if field in BY_NAME and _is_of(schema, BY_NAME[field]):
        return BY_NAME[field]
    return _plain(schema, schemas, field, depth)


def _plain(schema: Json, schemas: Json, field: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            return _list(schema, schemas, field, depth)
        case "integer" | "number":
            return max(1, int(schema.get("minimum", 1)))
        case "boolean":
            return field.startswith("confirm")
        case "string":
            return _text(schema, field)
    return {"last_name": "Quill"}


def _object(schema: Json, schemas: Json, depth: int) -> Json:
    fields = schema.get("properties")
    if fields is None:
        inner = schema.get("additionalProperties")
        if not (isinstance(inner, dict) and inner):
            return {}
        named = schema.get("propertyNames", {})
        key = example_of(named, schemas) if "$ref" in named or "enum" in named else _ID
        return {key: example_of(inner, schemas, depth=depth - 1)}
    return {name: example_of(inner, schemas, field=name, depth=depth - 1) for name, inner in fields.items()}


def _list(schema: Json, schemas: Json, field: str, depth: int) -> list[Any]:
    if depth <= 0 and not schema.get("minItems"):
        return []  # a record that holds its own kind
    one = example_of(schema.get("items", {}), schemas, field=re.sub("s$", "", field), depth=depth - 1)
    return [one] * max(1, int(schema.get("minItems", 1)))


def _text(schema: Json, field: str) -> str:
    if "format" in schema:
        return _BY_FORMAT[schema["format"]]
    if field == "id" or field.endswith("_id"):
        return _ID
    if field.endswith("url"):
        return _BY_FORMAT["uri"]
    if field in ("opens", "closes") or field.endswith("time"):
        return "08:00"
    if field.endswith("sha256"):
        return "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    text = field.replace("_", " ") or "text"
    return text.capitalize()[: int(schema.get("maxLength", 100))]


def _is_of(schema: Json, value: Any) -> bool:
    kinds = {str: "string", int: "integer", list: "array"}
    if schema.get("type") != kinds[type(value)] or len(str(value)) > schema.get("maxLength", 10_000):
        return False
    return not isinstance(value, list) or isinstance(value[0], str) == ("$ref" not in schema.get("items", {}))
