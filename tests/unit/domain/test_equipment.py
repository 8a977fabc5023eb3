"""What equipment can be told by."""

from typing import Any

import pytest

from crossbay.domain.equipment import Equipment, checked_equipment
from crossbay.errors import BadInput


@pytest.mark.parametrize("field", ["name", "make", "model", "serial_number"])
def test_any_one_word_is_enough_to_tell_equipment_by(field: str) -> None:
    fields: dict[str, Any] = {field: "Rotary"}
    told = Equipment(id="e", organization_id="o", shop_id="s", customer_id="c", **fields)

    assert checked_equipment(told) == told


def test_equipment_that_nobody_could_tell_is_refused_with_the_field_to_fill() -> None:
    nameless = Equipment(id="e", organization_id="o", shop_id="s", customer_id="c", installed_on="2026-11-02")

    with pytest.raises(BadInput) as refused:
        checked_equipment(nameless)

    assert set(refused.value.fields) == {"name"}
