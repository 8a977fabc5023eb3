"""What clients send to have a customer's data erased."""

from crossbay.entry.fields import Title
from crossbay.entry.inputs import Input, example
from crossbay.errors import BadInput


class Erasure(Input):
    """confirm: must be true: what is erased can't be brought back. reason: why, in words that name nobody."""

    model_config = example(confirm=True, reason="asked for in writing")

    confirm: bool = False
    reason: Title

    def confirmed_reason(self) -> str:
        """Raises BadInput without the confirmation."""
        if not self.confirm:
            raise BadInput(
                "Erasing a customer's data can't be undone. Confirm that you mean it.",
                fields={"confirm": "must be true"},
            )
        return self.reason
