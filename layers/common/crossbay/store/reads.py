"""Reads of the one table, through pydynox, which nothing else imports: items, batches, Queries side by side.

Throttling and passing errors are retried by pydynox with growing pauses (3 attempts; 5 for the keys that a
batch left over); what is still refused then is raised as `errors.Busy`. Every other error of the table is a
bug and stays what it is, and so is a partition behind the wall (`store/wall.py`). `Reads.usage` counts what
was read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from pydynox import DynamoDBClient
from pydynox.exceptions import (
    ConnectionException,
    ProvisionedThroughputExceededException,
    PydynoxException,
)

from crossbay.errors import Busy
from crossbay.store import wall
from crossbay.store.codec import as_today
from crossbay.store.keys import TOP, Key

T = TypeVar("T")
Item = Mapping[str, Any]
"""An item: `pk`, `sk`, `type`, `version`, `body` (see `store/table.py`); whole numbers are int. Of one with
another schema number than this code's, the body is as this code would have written it."""

Position = Mapping[str, str]
"""Where a page of a Query ended: the keys of its last item."""

_PARALLEL = 21
"""Queries under way at once: those of a history with twenty linked customers; a search has 14 at most."""

_BATCH_LIMIT = 100
"""Keys in one BatchGetItem, at most (DynamoDB's limit)."""

_PASSING = (ProvisionedThroughputExceededException, ConnectionException)

_INDEX_ATTRIBUTES = {"GSI1": ("gsi1pk", "gsi1sk"), "GSI2": ("gsi2pk", "gsi2sk")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One partition, in the order of its sort key.

    prefix: the sort key starts with it. first, last: bounds, both inclusive, in place of `prefix`.
    limit: items at most; None reads all, over as many requests as it takes: give one where it can grow.
    after: `Page.next` of the page before. index: `GSI1`, `GSI2` or none; those can't be read consistently.
    """

    pk: str
    prefix: str = ""
    first: str = ""
    last: str = ""
    limit: int | None = None
    after: Position | None = None
    newest_first: bool = False
    index: str = ""
    consistent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """items in order; next: where to go on, None where the partition has no more."""

    items: tuple[Item, ...]
    next: Position | None = None


@dataclass(slots=True)
class Usage:
    """What was asked of the table since the Reads were made."""

    queries: int = 0
    batches: int = 0
    items: int = 0


class _Condition(NamedTuple):
    expression: str
    names: dict[str, str]
    values: dict[str, str]


@dataclass(slots=True)
class Reads:
    """The table, for reading. Make one per process: it holds the connections.

    endpoint_url and region: from the environment (AWS_ENDPOINT_URL, AWS_REGION) where left out.
    """

    table_name: str
    endpoint_url: str | None = None
    region: str | None = None
    usage: Usage = field(default_factory=Usage)
    _client: DynamoDBClient = field(init=False, repr=False)
    _threads: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = DynamoDBClient(endpoint_url=self.endpoint_url, region=self.region)
        self._threads = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="reads")

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """The item under the key, or None. Raises Busy."""
        wall.check((key.pk,))
        asked = {"pk": key.pk, "sk": key.sk}
        with _errors_translated():
            item = self._client.sync_get_item(self.table_name, asked, consistent_read=consistent)
        self.usage.items += item is not None
        return as_today(item) if item else None

    def batch_get(self, keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
        """The items that exist under the keys, in no order; keys may repeat. Raises Busy."""
        asked = [{"pk": pk, "sk": sk} for pk, sk in dict.fromkeys(keys)]
        wall.check(one["pk"] for one in asked)
        chunks = [asked[start : start + _BATCH_LIMIT] for start in range(0, len(asked), _BATCH_LIMIT)]

        def fetch(chunk: list[dict[str, str]]) -> list[dict[str, Any]]:
            with _errors_translated():
                return self._client.sync_batch_get(self.table_name, chunk, consistent_read=consistent)

        found = [item for items in self._side_by_side(fetch, chunks) for item in items]
        self.usage.batches += len(chunks)
        self.usage.items += len(found)
        return {Key(item["pk"], item["sk"]): as_today(item) for item in found}

    def query(self, query: Query) -> Page:
        """The items of one Query. Raises Busy."""
        return self.query_many([query])[0]

    def query_many(self, queries: Sequence[Query]) -> list[Page]:
        """The items of each Query, in the order asked, read side by side. Raises Busy when one is refused."""
        wall.check(query.pk for query in queries)
        return self._side_by_side(self._query, queries)

    def _query(self, query: Query) -> Page:
        condition = _condition(query)
        result = self._client.sync_query(
            self.table_name,
            condition.expression,
            expression_attribute_names=condition.names,
            expression_attribute_values=condition.values,
            page_size=query.limit,
            last_evaluated_key=dict(query.after) if query.after else None,
            scan_index_forward=not query.newest_first,
            index_name=query.index or None,
            consistent_read=query.consistent,
        )
        with _errors_translated():
            items = tuple(map(as_today, islice(result, query.limit)))
        self.usage.queries += 1
        self.usage.items += len(items)
        is_full = query.limit is not None and len(items) == query.limit
        # Past a megabyte the last request may have brought more than was left to take.
        goes_on = is_full and (result.last_evaluated_key is not None or next(result, None) is not None)
        return Page(items=items, next=position_of(items[-1], query.index) if goes_on else None)

    def _side_by_side(self, read: Callable[[Any], T], asked: Sequence[Any]) -> list[T]:
        if len(asked) < 2:
            return [read(one) for one in asked]
        return list(self._threads.map(read, asked))


def list_stored(reads: Reads, partition: str) -> Iterator[Item]:
    """All that a partition holds as it stands now."""
    after: Position | None = None
    while True:
        page = reads.query(Query(pk=partition, limit=100, after=after, consistent=True))
        yield from page.items
        if (after := page.next) is None:
            return


def _condition(query: Query) -> _Condition:
    pk_name, sk_name = _INDEX_ATTRIBUTES[query.index] if query.index else ("pk", "sk")
    names, values = {"#pk": pk_name}, {":pk": query.pk}
    if not (query.prefix or query.first or query.last):
        return _Condition("#pk = :pk", names, values)
    names["#sk"] = sk_name
    # A prefix as bounds too: DynamoDB Local looks through the whole partition for a `begins_with`.
    values[":first"] = query.first or query.prefix or " "
    values[":last"] = query.last or query.prefix + TOP
    return _Condition("#pk = :pk AND #sk BETWEEN :first AND :last", names, values)


def position_of(item: Item, index: str) -> dict[str, str]:
    """The key that a Query goes on after, behind this item in the table or index."""
    return {name: item[name] for name in ("pk", "sk", *_INDEX_ATTRIBUTES.get(index, ()))}


@contextmanager
def _errors_translated() -> Iterator[None]:
    """pydynox raises its base class for keys left over and for errors inside DynamoDB."""
    try:
        yield
    except _PASSING as error:
        raise Busy(f"read refused: {type(error).__name__}") from error
    except PydynoxException as error:
        if type(error) is PydynoxException:
            raise Busy("read refused after its attempts") from error
        raise
