"""The same queries put to PostgreSQL with pg_trgm and btree, and to tantivy, each with what it does best.

PostgreSQL: a trigram index over the folded name and the street, btrees over numbers forward and reversed,
folded plates and e-mail. tantivy: one document a customer; words fuzzy by one edit, numbers as words of
their own. Both get the text folded and the kind of search told, and answer ten customers; neither knows
nicknames.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.search_people import Person
from benchmarks.search_queries import QueryCase
from crossbay.domain.address import street_key
from crossbay.domain.customers.plate_lookalikes import fold_plate
from crossbay.domain.phone import phone_digits
from crossbay.domain.text import fold

_PAGE = 10
_NAMES = {
    "edit in first name",
    "edit in surname",
    "swapped order",
    "nickname",
    "start of a word",
    "start of a name",
    "two-word surname",
    "accents",
}
_STREETS = {"edit in street", "street as typed"}
_NUMBERS = {
    "phone whole",
    "phone first 6",
    "phone last 4",
    "e-mail whole",
    "e-mail local part",
    "e-mail letters only",
    "plate",
    "VIN last 8",
    "VIN last 6",
}
ASKED = _NAMES | _STREETS | _NUMBERS
"""Kinds of query that the peers are told how to ask: reading a number out of a text first is ours alone."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a peer gets to index of a customer, folded as the search folds it."""

    id: str
    name: str
    street: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    plates: tuple[str, ...]
    vins: tuple[str, ...]


def document(one: Person) -> Document:
    customer = one.customer
    street = street_key(customer.service_addresses[0].address.line1)
    return Document(
        id=customer.id,
        name=fold(f"{customer.first_name} {customer.last_name}"),
        street=f"{street.number} {street.name}",
        phones=tuple(phone.number[2:] for phone in customer.phones),
        emails=customer.emails,
        plates=tuple(fold_plate(car.plate) for car in one.vehicles),
        vins=tuple(car.vin for car in one.vehicles),
    )


def _needle(case: QueryCase) -> str:
    """The text as the peers' indexes spell it."""
    if case.kind in _NAMES:
        return fold(case.text)
    if case.kind in _STREETS:
        street = street_key(case.text)
        return f"{street.number} {street.name}"
    if case.kind.startswith("phone"):
        digits = phone_digits(case.text)
        return digits[1:] if len(digits) == 11 else digits
    if case.kind == "plate":
        return fold_plate(case.text)
    return case.text if case.kind.startswith("VIN") else case.text.lower()


Ask = Callable[[QueryCase], list[str]]


_SCHEMA = """
CREATE EXTENSION pg_trgm;
CREATE TABLE customer (id text PRIMARY KEY, name text, street text);
CREATE TABLE number (id text, kind text, value text, reversed text);
"""
_INDEXES = """
CREATE INDEX ON customer USING gist (name gist_trgm_ops(siglen=64));
CREATE INDEX ON customer USING gist (street gist_trgm_ops(siglen=64));
CREATE INDEX ON number (kind, value text_pattern_ops);
CREATE INDEX ON number (kind, reversed text_pattern_ops);
ANALYZE;
"""
_BY_NAME = "SELECT id FROM customer ORDER BY name <-> %s LIMIT 10"
_BY_WORD = "SELECT id FROM customer ORDER BY %s <<<-> name LIMIT 10"
_BY_STREET = "SELECT id FROM customer ORDER BY street <-> %s LIMIT 10"
_BY_START = "SELECT DISTINCT id FROM number WHERE kind = %s AND value LIKE %s LIMIT 10"
_BY_END = "SELECT DISTINCT id FROM number WHERE kind = %s AND reversed LIKE %s LIMIT 10"


@contextmanager
def postgres(documents: Iterable[Document]) -> Iterator[Ask]:
    """A server of our own on a socket in a temporary folder, loaded; it goes with the block."""
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="search-peer-"))
    binaries = _postgres_binaries()
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    if user:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    subprocess.run(
        [
            *user,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "peer",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "shared_buffers=512MB"]
    options += ["-c", "fsync=off"]
    server = subprocess.Popen([*user, str(binaries / "postgres"), *options], stderr=subprocess.DEVNULL)
    try:
        with _connected(psycopg, folder) as connection:
            _load_postgres(connection, documents)
            yield lambda case: _ask_postgres(connection, case)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else Path(shutil.which("initdb") or "initdb").parent


def _connected(psycopg: Any, folder: Path) -> Any:
    for _ in range(100):
        try:
            return psycopg.connect(host=str(folder), user="peer", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("PostgreSQL doesn't start")


def _load_postgres(connection: Any, documents: Iterable[Document]) -> None:
    rows = list(documents)
    connection.execute(_SCHEMA)
    cursor = connection.cursor()
    with cursor.copy("COPY customer FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row.id, row.name, row.street))
    with cursor.copy("COPY number FROM STDIN") as copy:
        for row in rows:
            for kind, values in (
                ("phone", row.phones),
                ("e-mail", row.emails),
                ("plate", row.plates),
                ("VIN", row.vins),
            ):
                for value in values:
                    copy.write_row((row.id, kind, value, value[::-1]))
            for email in row.emails:
                letters = "".join(letter for letter in email.partition("@")[0] if letter.isalpha())
                copy.write_row((row.id, "letters", letters, letters[::-1]))
    connection.execute(_INDEXES)


def _ask_postgres(connection: Any, case: QueryCase) -> list[str]:
    needle = _needle(case)
    if case.kind in _NAMES:
        values: tuple[str, ...]
        statement, values = (_BY_WORD if case.kind == "start of a word" else _BY_NAME), (needle,)
    elif case.kind in _STREETS:
        statement, values = _BY_STREET, (needle,)
    else:
        from_end = case.kind.startswith("VIN") or case.kind == "phone last 4"
        kind = "letters" if case.kind == "e-mail letters only" else case.kind.partition(" ")[0]
        suffix = "@%" if case.kind == "e-mail local part" else "%"
        statement = _BY_END if from_end else _BY_START
        values = (kind, (needle[::-1] if from_end else needle) + suffix)
    return [row[0] for row in connection.execute(statement, values)]


def tantivy(documents: Iterable[Document]) -> Ask:
    """An index in memory, loaded."""
    import tantivy as engine

    builder = engine.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("name", "street", "number"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    schema = builder.build()
    index = engine.Index(schema)
    writer = index.writer(100_000_000, 1)
    for one in documents:
        writer.add_document(
            engine.Document(id=one.id, name=[one.name], street=[one.street], number=[" ".join(_words(one))])
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(case: QueryCase) -> list[str]:
        query = _tantivy_query(engine, schema, case)
        hits = searcher.search(query, _PAGE).hits
        return [searcher.doc(place)["id"][0] for _, place in hits]

    return ask


def _words(one: Document) -> Iterator[str]:
    """Numbers as words, each with a letter for its kind: whole, and last character first for its end."""
    for mark, values in (("p", one.phones), ("l", one.plates), ("v", one.vins)):
        for value in values:
            yield f"{mark}{value}"
            yield f"{mark}<{value[::-1]}"
    for email in one.emails:
        local = email.partition("@")[0]
        yield from (email, f"{local}@", "".join(letter for letter in local if letter.isalpha()) + "=")


def _tantivy_query(engine: Any, schema: Any, case: QueryCase) -> Any:
    needle = _needle(case)
    if case.kind in _NAMES or case.kind in _STREETS:
        field = "name" if case.kind in _NAMES else "street"
        words = needle.split()
        parts = [(engine.Occur.Should, _word_query(engine, schema, field, word)) for word in words]
        return engine.Query.boolean_query(parts)
    if case.kind.startswith("e-mail"):
        suffix = {"e-mail local part": "@", "e-mail letters only": "="}.get(case.kind, "")
        return engine.Query.term_query(schema, "number", needle + suffix)
    if case.kind.startswith("VIN"):
        return engine.Query.regex_query(schema, "number", f"v<{needle[::-1]}.*")
    if case.kind == "phone last 4":
        return engine.Query.regex_query(schema, "number", f"p<{needle[::-1]}[0-9]*")
    if case.kind == "phone first 6":
        return engine.Query.regex_query(schema, "number", f"p{needle}[0-9]*")
    return engine.Query.term_query(schema, "number", ("l" if case.kind == "plate" else "p") + needle)


def _word_query(engine: Any, schema: Any, field: str, word: str) -> Any:
    """The word itself counts most, then words that start with it, then those one edit away."""
    exact = engine.Query.boost_query(engine.Query.term_query(schema, field, word), 4.0)
    start = engine.Query.boost_query(engine.Query.fuzzy_term_query(schema, field, word, 0, False, True), 2.0)
    fuzzy = engine.Query.fuzzy_term_query(schema, field, word, 1, True, False)
    return engine.Query.boolean_query([(engine.Occur.Should, part) for part in (exact, start, fuzzy)])
