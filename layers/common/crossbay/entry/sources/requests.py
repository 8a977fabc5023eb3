"""What clients send about marketing sources: categories, mapping, settings, a customer's source."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from crossbay.app.sources.suggestions import MOST_NAMED
from crossbay.domain.sources.categories import LONGEST_NAME, MOST_MAIN, MOST_SUB
from crossbay.domain.sources.source import OTHER_NEW_CUSTOMERS, Category, Source, SourceSettings, SubCategory
from crossbay.entry.fields import RecordId, Title
from crossbay.entry.inputs import Input, example

CategoryName = Annotated[Title, StringConstraints(max_length=LONGEST_NAME)]


class SubCategoryInput(Input):
    """id: of one that is in the list; without one it is new."""

    id: RecordId = ""
    name: CategoryName

    def sub_category(self) -> SubCategory:
        return SubCategory(id=self.id, name=self.name)


class CategoryInput(Input):
    """id: of one that is in the list; without one it is new. sub_categories: all of them, in their order."""

    id: RecordId = ""
    name: CategoryName
    sub_categories: Annotated[list[SubCategoryInput], Field(max_length=MOST_SUB)] = []

    def category(self) -> Category:
        subs = tuple(sub.sub_category() for sub in self.sub_categories)
        return Category(id=self.id, name=self.name, sub_categories=subs)


class CategoriesInput(Input):
    """The whole list, in its order: what isn't sent is taken away; what mapped to it is unmapped again."""

    model_config = example(
        categories=[
            {
                "id": "internet",
                "name": "Internet",
                "sub_categories": [{"id": "internet-yelp", "name": "Yelp"}, {"name": "Nextdoor"}],
            },
            {"id": OTHER_NEW_CUSTOMERS, "name": "Other New Customers"},
        ]
    )

    categories: Annotated[list[CategoryInput], Field(max_length=MOST_MAIN)]

    def all(self) -> tuple[Category, ...]:
        return tuple(category.category() for category in self.categories)


class SourceChange(Input):
    """category_id: the main or sub-category that it maps to, empty or null for none. A dropped source that is
    mapped is relevant again, unless `is_dropped` says otherwise.
    """

    model_config = example(category_id="internet-yelp")

    category_id: RecordId | None = ""
    is_dropped: bool = False

    def onto(self, source: Source) -> Source:
        """The source with the fields that were sent."""
        changes = self.given()
        if "category_id" in changes:
            changes["category_id"] = self.category_id or ""
            if self.category_id:
                changes.setdefault("is_dropped", False)
        return replace(source, **changes)


class SuggestionsInput(Input):
    """source_ids: whose suggestions are taken, 500 at most; all: those of every unmapped source of the shop.

    One of the two.
    """

    model_config = example(source_ids=["3f9c0a1d5b7e2468", "a90be1c2d3f40516"])

    source_ids: Annotated[list[RecordId], Field(max_length=MOST_NAMED)] = []
    all: bool = False

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "SuggestionsInput":
        if self.all == bool(self.source_ids):
            raise ValueError("name sources in source_ids, or say all: true; not both")
        return self

    @property
    def asked(self) -> list[str] | None:
        """The ids of the sources asked for; None for all."""
        return None if self.all else self.source_ids


class SourceSettingsInput(Input):
    """organization_only: the point of sale's sources count for nothing in this shop."""

    organization_only: bool

    def onto(self, settings: SourceSettings) -> SourceSettings:
        return replace(settings, organization_only=self.organization_only)


class CustomerSource(Input):
    """source_id: a category of the organization or a source of the shop; empty takes back what was set."""

    model_config = example(source_id="referral-friend")

    source_id: RecordId
