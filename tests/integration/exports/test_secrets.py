"""Secrets as the code keeps them, on moto."""

from crossbay.aws.secrets import Secrets


def test_a_secret_is_read_by_its_name_until_it_is_deleted(endpoint: str) -> None:
    secrets = Secrets()

    secrets.create("partner/one", "a pass phrase")
    read = secrets.read("partner/one")
    secrets.delete("partner/one")

    assert read == "a pass phrase"
    assert secrets.read("partner/one") is None


def test_what_is_not_there_reads_as_none_and_can_be_deleted(endpoint: str) -> None:
    secrets = Secrets()

    secrets.delete("partner/none")

    assert secrets.read("partner/none") is None
