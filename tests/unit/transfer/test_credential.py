"""What proves who we are shows itself nowhere."""

import pytest

from crossbay.transfer.folder import Credential


@pytest.mark.rule("C25")
def test_a_credential_prints_neither_password_nor_key() -> None:
    shown = f"{Credential(password='canary-1', private_key='canary-2')!r} {Credential(password='canary-1')}"

    assert "canary" not in shown
