"""The photos' worker killed anywhere, told twice, overtaken: the right photo or none, nothing left behind."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crossbay.app.customers import removal as customer_removal
from crossbay.app.photos import photos
from crossbay.app.photos.develop import Darkroom, DevelopOutcome, develop
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerRef, ServiceAddress
from crossbay.domain.organization import Organization, Shop, ShopRef
from crossbay.domain.photo import Photo, PhotoStatus, PhotoType, place_of
from crossbay.errors import BadInput, Busy
from crossbay.ids import new_id
from crossbay.store.customers.customers import CustomerFile, save_file
from crossbay.store.keys import Key
from crossbay.store.organizations import save_shop
from crossbay.store.photos import delete_photo, find_photo, read_photo, save_photo
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction
from tests.helpers import pictures
from tests.helpers.photo_worker import work
from tests.integration.conftest import Aws

STAMP = Stamp(by="technician", at="2027-03-01T17:00:00.000Z")
LATER = "2027-03-01T17:00:05.000Z"
LENGTH = 8_000
"""Of every file: forms take files of one length."""
SHOWN, OTHER, REFUSED = (
    content.ljust(LENGTH, b"\x00")
    for content in (pictures.jpeg(), pictures.jpeg(pictures.picture(90, 60)), pictures.gif())
)


class Killed(BaseException):
    """The worker's process is gone."""


@dataclass
class DyingBucket(Bucket):
    """Kills its worker before its n-th write, of which deleting is one too. writes: those that were done."""

    dies_before: int = 99
    writes: int = 0
    meanwhile: Callable[[], object] | None = None
    """Happens once, right after the first write."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._count()
        super().put(key, content, content_type)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()

    def delete(self, keys: Collection[str]) -> None:
        self._count()
        super().delete(keys)

    def _count(self) -> None:
        if self.writes == self.dies_before:
            raise Killed
        self.writes += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A customer's photo that was announced, and whose file has come."""

    aws: Aws
    reads: Reads
    photo: Photo
    ref: CustomerRef

    def room(self, **bucket: Any) -> Darkroom:
        return Darkroom(reads=self.reads, bucket=DyingBucket(self.aws.files_bucket, **bucket), at=LATER)

    def develop(self, **bucket: Any) -> DevelopOutcome | None:
        """None where the worker was killed."""
        try:
            return develop(self.room(**bucket), self.photo.place)
        except Killed:
            return None

    def comes(self, content: bytes) -> None:
        """A file is posted."""
        self.aws.client("s3").put_object(
            Bucket=self.aws.files_bucket, Key=self.photo.place.quarantine_key, Body=content
        )

    def now(self) -> Photo | None:
        return find_photo(self.reads, ShopRef.of(self.photo), self.photo.id)

    def stored(self) -> set[str]:
        listed = self.aws.client("s3").list_objects_v2(Bucket=self.aws.files_bucket)
        return {item["Key"] for item in listed.get("Contents", [])}

    def delete(self) -> None:
        """By someone at the counter."""
        photo = self.now()
        assert photo is not None
        delete_photo(photo, stamp=STAMP)

    def move(self) -> None:
        """To another day."""
        photo = self.now()
        assert photo is not None
        save_photo(photo, replace(photo, taken_on="2027-01-05"), stamp=STAMP)

    def delete_customer(self) -> None:
        ref, organization_id = self.ref, self.photo.organization_id
        customer_removal.delete(self.reads, organization_id, ref, version=1, stamp=STAMP)

    def erase(self) -> None:
        """Every record of the customer, as the law may ask."""
        pk = "#".join((self.photo.organization_id, self.ref.shop_id, self.ref.customer_id))
        place = "#".join((self.photo.organization_id, self.ref.shop_id, self.photo.id))
        erasing = Transaction()
        for one in (pk, place):
            for item in self.reads.query(Query(pk=one, consistent=True)).items:
                erasing.delete(Key(item["pk"], item["sk"]))
        erasing.commit()


@pytest.fixture
def site(aws: Aws) -> Site:
    reads = Reads(aws.table_name)
    organization = Organization(id=new_id(), name="Harborline")
    shop = Shop(id=new_id(), organization_id=organization.id, business_name="North")
    save_shop(None, shop, stamp=STAMP)
    customer = Customer(
        id=new_id(),
        organization_id=organization.id,
        shop_id=shop.id,
        last_name="Quill",
        service_addresses=(ServiceAddress(id=new_id(), address=Address(line1="1 Pier Rd")),),
    )
    save_file(None, CustomerFile(customer=customer), stamp=STAMP)
    draft = Photo(
        id="",
        organization_id="",
        shop_id=shop.id,
        customer_id=customer.id,
        taken_on="",
        content_type=PhotoType.JPEG,
        upload_bytes=LENGTH,
    )
    photo = photos.announce(reads, organization.id, draft, stamp=STAMP)
    ref = CustomerRef(shop_id=shop.id, customer_id=customer.id)
    site = Site(aws=aws, reads=reads, photo=photo, ref=ref)
    site.comes(SHOWN)
    return site


ALL_WRITES = 4
"""Three sizes and the sweep; the record is saved before the last."""


@pytest.mark.rule("P5")
@pytest.mark.parametrize("dies_before", range(ALL_WRITES))
def test_a_worker_killed_between_any_two_writes_is_made_up_for_by_the_next(
    site: Site, dies_before: int
) -> None:
    assert site.develop(dies_before=dies_before) is None

    outcome = site.develop()

    photo = site.now()
    assert photo is not None
    assert photo.status is PhotoStatus.READY
    assert outcome is (DevelopOutcome.SETTLED if dies_before == ALL_WRITES - 1 else DevelopOutcome.READY)
    assert site.stored() == photo.keys
    assert len(photo.keys) == 3


GONE: dict[str, Callable[[Site], None]] = {
    "deleted": Site.delete,
    "customer deleted": Site.delete_customer,
    "erased": Site.erase,
}


@pytest.mark.rule("P5")
@pytest.mark.parametrize("goes", GONE.values(), ids=GONE.keys())
@pytest.mark.parametrize("dies_before", range(ALL_WRITES - 1))
def test_a_photo_that_goes_after_a_worker_was_killed_leaves_nothing(
    site: Site, goes: Callable[[Site], None], dies_before: int
) -> None:
    site.develop(dies_before=dies_before)
    goes(site)

    outcome = site.develop()

    assert outcome is DevelopOutcome.UNWANTED
    assert site.stored() == set()
    assert site.now() is None


@pytest.mark.rule("P5")
@pytest.mark.parametrize("goes", GONE.values(), ids=GONE.keys())
def test_a_photo_that_goes_while_it_is_developed_leaves_nothing(
    site: Site, goes: Callable[[Site], None]
) -> None:
    outcome = site.develop(meanwhile=lambda: goes(site))

    assert outcome is DevelopOutcome.UNWANTED
    assert site.stored() == set()
    assert site.now() is None


@pytest.mark.rule("P5")
def test_a_deletion_swept_too_early_is_finished_by_the_worker_it_overtook(site: Site) -> None:
    def deleted_and_swept() -> None:
        site.delete()
        assert site.develop() is DevelopOutcome.UNWANTED

    outcome = site.develop(meanwhile=deleted_and_swept)

    assert outcome is DevelopOutcome.UNWANTED
    assert site.stored() == set()


@pytest.mark.rule("P5")
def test_a_photo_moved_while_it_is_developed_is_ready_where_it_went(site: Site) -> None:
    outcome = site.develop(meanwhile=site.move)

    photo = site.now()
    assert outcome is DevelopOutcome.READY
    assert photo is not None
    assert (photo.status, photo.taken_on) == (PhotoStatus.READY, "2027-01-05")
    assert site.stored() == photo.keys


@pytest.mark.rule("P5")
def test_told_twice_at_once_there_is_one_photo_and_its_files(site: Site) -> None:
    first = site.develop(meanwhile=lambda: site.develop())

    ready = site.now()
    assert first is DevelopOutcome.READY
    assert ready is not None
    assert ready.version == 2
    assert site.stored() == ready.keys


@pytest.mark.rule("P5")
@pytest.mark.parametrize("dies_before", [1, 2, 3])
def test_of_two_files_posted_under_one_form_one_is_shown_and_none_of_the_other(
    site: Site, dies_before: int
) -> None:
    site.develop(dies_before=dies_before)
    site.comes(OTHER)

    site.develop()

    photo = site.now()
    assert photo is not None
    assert photo.file is not None
    was_saved = dies_before == ALL_WRITES - 1
    assert photo.file.width == (240 if was_saved else 90)
    assert site.stored() == photo.keys


@pytest.mark.rule("P5")
def test_a_second_file_posted_while_the_first_is_developed_never_mixes_with_it(site: Site) -> None:
    def posted_and_developed() -> None:
        site.comes(OTHER)
        assert site.develop() is DevelopOutcome.READY

    site.develop(meanwhile=posted_and_developed)

    photo = site.now()
    assert photo is not None
    assert photo.file is not None
    assert photo.file.width == 90
    assert site.stored() == photo.keys


@pytest.mark.rule("P5")
def test_a_file_that_comes_for_a_settled_photo_is_swept_and_changes_nothing(site: Site) -> None:
    site.develop()
    ready = site.now()
    site.comes(OTHER)

    outcome = site.develop()

    assert outcome is DevelopOutcome.SETTLED
    assert site.now() == ready
    assert ready is not None
    assert site.stored() == ready.keys


@pytest.mark.rule("P5")
def test_a_refused_file_is_swept_also_by_the_worker_after_the_one_that_was_killed(site: Site) -> None:
    site.comes(REFUSED)
    site.develop(dies_before=0)
    assert site.stored() == {site.photo.place.quarantine_key}

    outcome = site.develop()

    photo = site.now()
    assert outcome is DevelopOutcome.SETTLED
    assert photo is not None
    assert photo.status is PhotoStatus.REFUSED
    assert site.stored() == set()


@pytest.mark.rule("P5")
def test_a_photo_whose_file_has_not_come_is_left_as_it_is(site: Site) -> None:
    site.aws.client("s3").delete_object(Bucket=site.aws.files_bucket, Key=site.photo.place.quarantine_key)

    assert site.develop() is DevelopOutcome.NO_FILE
    assert site.now() == site.photo


@pytest.mark.rule("P5", "X1")
def test_a_message_that_names_a_photo_under_another_customer_touches_neither(site: Site) -> None:
    site.develop()
    ready = read_photo(site.reads, ShopRef.of(site.photo), site.photo.id)
    strange = replace(site.photo.place, customer_id=new_id())

    assert develop(site.room(), strange) is DevelopOutcome.UNWANTED

    assert site.now() == ready
    assert site.stored() == ready.keys


@pytest.mark.rule("P5")
@pytest.mark.parametrize("key", ["photos/o/s/c/p", "quarantine/o/s/c", "quarantine/o/s/c/p/x", "x", ""])
def test_a_key_that_no_form_of_ours_leads_to_is_a_mistake(key: str) -> None:
    with pytest.raises(BadInput):
        place_of(key)


@pytest.mark.usefixtures("aws")
def test_a_message_about_no_photo_is_reported_back_and_s3s_trial_is_not() -> None:
    odd: list[dict[str, Any]] = [{"photo": {"id": "x"}}, {"photo": "x"}, {"Records": [{}]}]

    assert [work(message) for message in odd] == [1, 1, 1]
    assert work({"Service": "Amazon S3", "Event": "s3:TestEvent"}) == 0


def test_an_object_that_s3_did_not_delete_is_told(aws: Aws) -> None:
    class Refusing(Bucket):
        class _client:
            @staticmethod
            def delete_objects(**_: object) -> dict[str, object]:
                return {"Errors": [{"Key": "k", "Code": "InternalError"}]}

    with pytest.raises(Busy):
        Refusing(aws.files_bucket).delete(["k"])
