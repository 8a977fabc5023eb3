"""Where anything of a person still stands: every item of the table and every object of the buckets, searched.

    python -m local.privacy_scan crossbay-prod < values.txt

A value a line: names, phone numbers, e-mail addresses, streets, plates, VINs. They are found in any notation:
folded, run together, with or without signs, and back to front, as the search index has phones and VINs.
Letters, PDF files and archives are read as what they are. Prints each place with the number of its value;
ends with 1 where there was any. It takes AWS credentials and region as any AWS tool does.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any

import boto3
import pypdfium2

from crossbay.domain.text import fold
from local.operator import stack_outputs

_FEWEST_SIGNS = 6
"""Of a value that is looked for inside other words and numbers; a shorter one is looked for as words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """where: an item's keys or an object's name. number: of the value, from 1."""

    where: str
    number: int


def scan(
    table: str, buckets: Iterable[str], values: Iterable[str], *, client: Any = boto3.client
) -> list[FoundPlace]:
    """Every place in which one of the values stands."""
    forms = [(number, _forms(value)) for number, value in enumerate(values, start=1) if value.strip()]
    found = []
    for where, text in (*_items(client("dynamodb"), table), *_objects(client("s3"), buckets)):
        words, squashed = f" {fold(text)} ", _squashed(text)
        found += [FoundPlace(where=where, number=n) for n, form in forms if form.stands_in(words, squashed)]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forms:
    """words: with blanks around. run: letters and digits alone, empty for a value that is too short."""

    words: str
    run: str

    def stands_in(self, words: str, squashed: str) -> bool:
        if self.words in words:
            return True
        return bool(self.run) and (self.run in squashed or self.run[::-1] in squashed)


def _forms(value: str) -> _Forms:
    run = _squashed(value)
    digits = "".join(sign for sign in value if sign.isdigit())
    if len(digits) >= 10 and not any(sign.isalpha() for sign in value):
        run = digits[-10:]  # a phone number without its country
    return _Forms(words=f" {fold(value)} ", run=run if len(run) >= _FEWEST_SIGNS else "")


def _squashed(text: str) -> str:
    return fold(text).replace(" ", "")


def _items(dynamodb: Any, table: str) -> Iterator[tuple[str, str]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            yield f"{item['pk']['S']} {item['sk']['S']}", json.dumps(item, ensure_ascii=False)


def _objects(s3: Any, buckets: Iterable[str]) -> Iterator[tuple[str, str]]:
    for bucket in buckets:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for listed in page.get("Contents", ()):
                content = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read()
                where = f"{bucket}/{listed['Key']}"
                yield where, " ".join((listed["Key"], *_texts(listed["Key"], content)))


def _texts(name: str, content: bytes) -> Iterator[str]:
    """What stands in a file, its packing undone."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield inner
                yield from _texts(inner, archive.read(inner))
    elif content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        for page in document:
            yield page.get_textpage().get_text_bounded()
        document.close()
    elif name.endswith(".eml"):
        mail = message_from_bytes(content, policy=default)
        yield str(mail.items())
        for part in mail.walk():
            if isinstance(payload := part.get_payload(decode=True), bytes):
                yield payload.decode("utf-8", "replace")
    else:
        yield content.decode("utf-8", "replace")


def main() -> int:
    outputs = stack_outputs(sys.argv[1])
    buckets = (outputs["FilesBucketName"], outputs["ImportsBucketName"])
    found = scan(outputs["TableName"], buckets, [line.strip() for line in sys.stdin])
    for place in found:
        print(f"value {place.number}: {place.where}")
    print(f"{len(found)} places")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
