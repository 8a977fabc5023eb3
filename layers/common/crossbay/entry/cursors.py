"""Opaque cursors: where a page ended, signed and bound to the tenant, route and filter it was made for."""

import hashlib
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from crossbay.errors import BadCursor

_LONGEST = 4_000


class Cursors:
    """Signs with HMAC-SHA256. key: 32 random bytes or more, as text."""

    def __init__(self, key: str) -> None:
        self._key = key

    def seal(self, scope: tuple[str, ...], position: Any) -> str:
        """position: a small JSON value. scope: what the cursor is good for, and nothing else."""
        return str(self._serializer(scope).dumps(position))

    def open(self, scope: tuple[str, ...], cursor: str) -> Any:
        """The position. Raises BadCursor for a cursor that isn't ours or was made for something else."""
        try:
            if len(cursor) > _LONGEST:
                raise BadData("too long")
            return self._serializer(scope).loads(cursor)
        except BadData as error:
            raise BadCursor("This cursor isn't one of this list's. Start again without a cursor.") from error

    def _serializer(self, scope: tuple[str, ...]) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._key,
            salt="cursor\x1f" + "\x1f".join(scope),
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def scope_of(organization_id: str, route: str, filters: Mapping[str, object]) -> tuple[str, ...]:
    """What binds a cursor: tenant, path, and the query parameters besides cursor and limit."""
    kept = sorted(f"{name}={value}" for name, value in filters.items() if name not in ("cursor", "limit"))
    return (organization_id, route, *kept)
