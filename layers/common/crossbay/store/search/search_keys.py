"""Keys of the search index: the part of the data model that `keys.py` leaves out.

Every item stands twice: in the organization's partitions (pk without the shop) and in the shop's. An item has
keys alone, no body: what it says is in the sort key, `text#shop#customer`, `text#shop#customer#vehicle`, or
for a number `text#shop#customer#` and the sort key of the record that bears it.

| item | pk, after `o#` or `o#s#` | text |
| --- | --- | --- |
| two names side by side, both ways round | N:first 4 letters of the text | `smith robert` |
| a company's first two words in one spelling, for matching | N:first 4 letters of the text | `jb harbor` |
| given name, family name | K:first 4 letters of the text | `robert smith` |
| the same of what a nickname stands for | K:first 4 letters of the text | `robert smith~bob` |
| the same for the name alone | K:first 4 letters of the text | `robert~bob smith` |
| a name with one edit | F:one of its first 5 letters left out | other name, then this: `smith robert` |
| one word of the surname or of a company, the given name beside it | M:first 4 letters | `smith robert` |
| one word of the given name, the surname beside it | G:first 4 letters | `robert smith` |
| phone, first digits | P:first 4 digits | national digits |
| phone, last digits | Q:last 4 digits, last first | national digits, last first |
| e-mail; its local part's letters | E:first 4 characters | `jo.smith example.com`, `josmith$` |
| its mailbox, where that is another | E:first 4 characters | `josmith gmail.com` |
| plate | L:first 4 characters | folded plate |
| VIN, last characters | V:last 4 characters, last first | VIN, last first |
| VIN, first characters | W:first 8 characters | VIN |
| street, by number and by name | S:first 4 characters | `123 main st`, `main st 123` |
| street with one edit | T:one of the word's first 5 letters left out | `123 main st` |
| number of a repair order or appointment | R:first 4 characters | `1042` |
| postal code and house or line start, for matching | Z:first 4 characters | `94110 123` |
"""

from typing import NamedTuple


class IndexSort(NamedTuple):
    """A sort key of the index taken apart.

    record: the vehicle's id, of a number the sort key of what bears it; empty for a customer's own items.
    """

    text: str
    shop_id: str
    customer_id: str
    record: str = ""


def index_partition(organization_id: str, shop_id: str, kind: str, head: str) -> str:
    """shop_id: empty for the organization's partitions."""
    scope = f"{organization_id}#{shop_id}" if shop_id else organization_id
    return f"{scope}#{kind}:{head}"


def index_sort(text: str, shop_id: str, customer_id: str, record: str = "") -> str:
    return "#".join((text, shop_id, customer_id, record) if record else (text, shop_id, customer_id))


def read_index_sort(sk: str) -> IndexSort:
    return IndexSort(*sk.split("#", 3))
