"""What clients send of notes, problem reports and the portal."""

from typing import Annotated

from pydantic import Field

from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport, ReportedKind, ReportStatus
from crossbay.entry.fields import Line, NonEmptyText, RecordId, Text
from crossbay.entry.inputs import Input, example


class NoteText(Input):
    text: NonEmptyText


class NewNote(NoteText):
    """service_address_id: the customer's first where left out. vehicle_id: where it is about one."""

    model_config = example(text="Gate code 4711. The dog is friendly.")

    service_address_id: RecordId = ""
    vehicle_id: RecordId = ""

    def note(self, shop_id: str, customer_id: str) -> Note:
        """The draft, without id and author."""
        return Note(id="", organization_id="", shop_id=shop_id, customer_id=customer_id, **self.model_dump())


class NewProblemReport(Input):
    """about, record_id: what is wrong, and which one of them where there are several."""

    model_config = example(about="vehicle", text="The plate is the old one.")

    about: Annotated[ReportedKind, Field(strict=False)] = ReportedKind.CUSTOMER
    record_id: RecordId = ""
    text: NonEmptyText

    def report(self, shop_id: str, customer_id: str) -> ProblemReport:
        """The draft, without id and reporter."""
        return ProblemReport(
            id="", organization_id="", shop_id=shop_id, customer_id=customer_id, **self.model_dump()
        )


class ReportSettlement(Input):
    """resolution: what was done about it."""

    model_config = example(status="resolved", resolution="Asked the customer, plate corrected.")

    status: Annotated[ReportStatus, Field(strict=False)]
    resolution: Text = ""


class PortalReset(Input):
    """email: one of the customer's e-mails on file; the first where left out."""

    email: Line = ""
