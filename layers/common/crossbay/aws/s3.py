"""Objects in one S3 bucket."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO, Any

from crossbay.aws import presign
from crossbay.aws.presign import UploadForm
from crossbay.errors import BadInput, Busy

_CHUNK_BYTES = 4 * 1024 * 1024
_NOT_THERE = {"NoSuchKey", "404", "NotFound"}
_DELETED_AT_ONCE = 1000
"""Keys in one request, at most (S3's limit)."""


@dataclass
class Bucket:
    """One bucket. boto3 comes with the first call."""

    name: str

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client("s3", config=Config(signature_version="s3v4"))

    def chunks(self, key: str, etag: str) -> Iterator[bytes]:
        """The object's bytes, a few megabytes a request, so that a slow reader loses no connection.

        Raises BadInput when the object isn't there, or isn't the one with this entity tag any more.
        """
        start, size = 0, 1
        while start < size:
            answer = self._get(key, start)
            if answer is None:
                if start == 0 and self._size(key) == 0:
                    return
                raise BadInput("The file isn't there any more.")
            if answer["ETag"].strip('"') != etag:
                raise BadInput(
                    "The file was replaced while it was read. The new one is an import of its own."
                )
            size = int(answer["ContentRange"].rpartition("/")[2])
            content = answer["Body"].read()
            start += len(content)
            yield content

    def read(self, key: str) -> bytes | None:
        """A small object, None where there is none."""
        try:
            content: bytes = self._client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except self._client.exceptions.ClientError as error:
            if _code(error) in _NOT_THERE:
                return None
            raise
        return content

    def part(self, key: str, start: int, length: int) -> bytes:
        """Some bytes of an object; none where it isn't there any more, or has fewer."""
        wanted = f"bytes={start}-{start + length - 1}"
        try:
            content: bytes = self._client.get_object(Bucket=self.name, Key=key, Range=wanted)["Body"].read()
        except self._client.exceptions.ClientError as error:
            if _code(error) in {*_NOT_THERE, "InvalidRange"}:
                return b""
            raise
        return content

    def fetch(self, key: str, file: IO[bytes]) -> None:
        """Write an object of any size into a file, from where it stands."""
        self._client.download_fileobj(self.name, key, file)

    def lines(self, key: str) -> Iterator[bytes]:
        """The lines of an object; none where it isn't there any more."""
        try:
            content = self._client.get_object(Bucket=self.name, Key=key)["Body"]
        except self._client.exceptions.ClientError as error:
            if _code(error) in _NOT_THERE:
                return
            raise
        yield from content.iter_lines()

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._client.put_object(Bucket=self.name, Key=key, Body=content, ContentType=content_type)

    def put_once(self, key: str, content: bytes, content_type: str) -> bool:
        """Whether this was the write that made the object: nothing changes where one is there already."""
        try:
            self._client.put_object(
                Bucket=self.name, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
            )
        except self._client.exceptions.ClientError as error:
            if _code(error) == "ConditionalRequestConflict":
                raise Busy("two writes of one object at the same moment") from error
            if _code(error) != "PreconditionFailed":
                raise
            return False
        return True

    def put_file(self, key: str, file: IO[bytes], content_type: str) -> None:
        """An object of any size, in parts where it is large."""
        self._client.upload_fileobj(file, self.name, key, ExtraArgs={"ContentType": content_type})

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that start so, in their order."""
        return (key for key, _ in self.dated_keys(prefix))

    def dated_keys(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """The keys that start so, each with when its object was put there."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        for page in pages:
            for item in page.get("Contents", ()):
                yield item["Key"], item["LastModified"]

    def delete(self, keys: Collection[str]) -> None:
        """Keys of nothing are passed over. Raises Busy when S3 didn't delete one of them."""
        listed = list(keys)
        for start in range(0, len(listed), _DELETED_AT_ONCE):
            named = [{"Key": key} for key in listed[start : start + _DELETED_AT_ONCE]]
            answer = self._client.delete_objects(Bucket=self.name, Delete={"Objects": named, "Quiet": True})
            if answer.get("Errors"):
                raise Busy(f"{len(answer['Errors'])} objects not deleted")

    def upload_form(
        self, key: str, *, most_bytes: int, lasts_s: int, least_bytes: int = 0, content_type: str = ""
    ) -> UploadForm:
        """A form that takes one file under exactly this key, so large, and of this type if one is said."""
        return presign.form(
            self.name,
            key,
            fields={"Content-Type": content_type} if content_type else {},
            conditions=[["content-length-range", least_bytes, most_bytes]],
            lasts_s=lasts_s,
        )

    def link(self, key: str, *, lasts_s: int) -> str:
        """An address that anyone may read the object at for a while."""
        return presign.link(self.name, key, lasts_s=lasts_s)

    def _get(self, key: str, start: int) -> Any:
        wanted = f"bytes={start}-{start + _CHUNK_BYTES - 1}"
        try:
            return self._client.get_object(Bucket=self.name, Key=key, Range=wanted)
        except self._client.exceptions.ClientError as error:
            if _code(error) in {*_NOT_THERE, "InvalidRange"}:
                return None
            raise

    def _size(self, key: str) -> int | None:
        try:
            return int(self._client.head_object(Bucket=self.name, Key=key)["ContentLength"])
        except self._client.exceptions.ClientError as error:
            if _code(error) in _NOT_THERE:
                return None
            raise


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
