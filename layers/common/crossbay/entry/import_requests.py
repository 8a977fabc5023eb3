"""What clients send to ask for an import."""

from typing import Annotated, Any

from pydantic import Field

from crossbay.domain.organization import ShopRef
from crossbay.entry.fields import Line
from crossbay.entry.inputs import Input
from crossbay.errors import BadInput
from crossbay.imports.columns import Format, ImportKind
from crossbay.imports.run import ImportRun

MOST_ROWS = 1000


class NewImport(Input):
    """kind: what the rows are. mapping: our column by theirs, where the point of sale has names of its own.

    rows: the records themselves, as objects of JSON Lines; without them the answer says where to post a file.
    """

    kind: Annotated[ImportKind, Field(strict=False)]
    format: Annotated[Format, Field(strict=False)] = Format.JSONL
    mapping: Annotated[dict[Line, Line], Field(max_length=200)] = {}
    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)] | None = None

    def draft(self, shop_ref: ShopRef) -> ImportRun:
        """The import, without id and key. Raises BadInput for rows that aren't JSON Lines."""
        if self.rows is not None and self.format is not Format.JSONL:
            raise BadInput(
                "Rows in the request are JSON Lines objects.",
                fields={"format": "must be jsonl where rows are sent"},
            )
        return ImportRun(
            id="",
            organization_id=shop_ref.organization_id,
            shop_id=shop_ref.shop_id,
            kind=self.kind,
            format=self.format,
            key="",
            mapping=dict(self.mapping),
        )
