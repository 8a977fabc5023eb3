"""Names of records in the API's one namespace, where the code's own name needs its module to be understood.

Inside the code the module says the rest (`imports.columns.Kind`); a generated client has one folder for all.
"""

import re
from typing import Any

Json = dict[str, Any]

PUBLIC: dict[str, str] = {
    # campaigns: what the shop sends after a visit
    "AskedCheck": "CampaignDayCheck",
    "AskedDay": "CampaignDay",
    "AskedMessage": "CampaignDayMessage",
    "Channel": "MessageChannel",
    "Check": "CampaignCheck",
    "DayCount": "CampaignForecastDay",
    "Days": "CampaignDays",
    "DaysInput": "CampaignDaysInput",
    "Forecast": "CampaignForecast",
    "Left": "CampaignForecastLeftOut",
    "Occasion": "MessageOccasion",
    "PreviewFormat": "MessagePreviewFormat",
    "PreviewInput": "MessagePreviewInput",
    "SendingInput": "CampaignSendingInput",
    "Step": "MessageStep",
    "StopInput": "MessageStopInput",
    "TemplateInput": "MessageTemplateInput",
    "Upcoming": "UpcomingMessages",
    # exports: files for partners
    "Accepted": "PartnerTermsAcceptance",
    "ChangedRow": "ExportChangedRow",
    "ConnectionTest": "PartnerConnectionTest",
    "ConnectionTestInput": "PartnerConnectionTestInput",
    "Destination": "PartnerDestination",
    "DestinationInput": "PartnerDestinationInput",
    "DestinationList": "PartnerDestinationList",
    "DestinationSetup": "PartnerDestinationSetup",
    "DryRun": "ExportDryRun",
    "HistoryFileInput": "ExportHistoryFileInput",
    "LeftOutPage": "ExportLeftOutPage",
    "SettlementInput": "ExportSettlementInput",
    "Telling": "PartnerTelling",
    "Terms": "PartnerTerms",
    "ToldPage": "PartnerToldPage",
    "ToldRow": "PartnerToldRow",
    # imports
    "Format": "ImportFormat",
    "Imported": "ImportOrigin",
    "Status": "ImportStatus",
    # customers, vehicles, links, search
    "CopiedFrom": "CustomerCopyOrigin",
    "Criterion": "SearchCriterion",
    "Decision": "LinkDecision",
    "Decoding": "VinDecoding",
    "Difference": "LinkDifference",
    "Former": "CustomerFormer",
    "DecodingState": "VinDecodingState",
    "PairsInput": "CustomerPairsInput",
    "Proposals": "CandidateList",
    "ReasonInput": "LinkUndoInput",
    "Repair": "VinRepair",
    "Scope": "SearchScope",
    "SeenPair": "LinkSeenPair",
    "SeenRecord": "LinkSeenRecord",
    "TermsInput": "PlateTermsInput",
    # work: repair orders, appointments, equipment
    "Authorization": "JobAuthorization",
    "Component": "EquipmentComponent",
    "ComponentInput": "EquipmentComponentInput",
    "FromJob": "EquipmentFromJob",
    "FromJobInput": "EquipmentFromJobInput",
    "LastDone": "HistoryLastDone",
    "Picture": "PhotoLinks",
    "Provenance": "WorkProvenance",
    "Rating": "InspectionRating",
    "When": "AppointmentsWhen",
    # contacts and cases
    "Assignable": "CaseAssignee",
    "AssignableList": "CaseAssigneeList",
    "ContactChoice": "ContactMergeChoice",
    "ContactDetails": "ProfileContactDetails",
    "MailState": "CaseMailState",
    "NoteKind": "CaseNoteKind",
    "Recipient": "CaseRecipient",
    "RecipientKind": "CaseRecipientKind",
    "RecipientList": "CaseRecipientList",
    "ShownCaseNote": "CaseNote",
    "ShownMail": "CaseMail",
    "Suggestion": "ContactSuggestion",
    "SuggestionList": "ContactSuggestionList",
    "Trait": "ContactTrait",
    # sources
    "Categories": "SourceCategories",
    "CategoriesInput": "SourceCategoriesInput",
    "Category": "SourceCategory",
    "CategoryInput": "SourceCategoryInput",
    "CategoryPath": "SourceCategoryPath",
    "CategoryRow": "SourceReportCategory",
    "ChartFile": "SourceChart",
    "ChartFiles": "SourceChartList",
    "MappingDone": "SourceMappingDone",
    "LeftReason": "SourceLeftReason",
    "LeftSource": "SourceLeft",
    "MonthMix": "SourceReportMonth",
    "Notice": "SourceNotice",
    "NoticeKind": "SourceNoticeKind",
    "PeriodInput": "SourceReportPeriod",
    "ReportFile": "SourceReportFile",
    "ReportFileInput": "SourceReportFileInput",
    "SourceRow": "SourceReportSource",
    "SpendEntry": "SourceSpendEntry",
    "SpendInput": "SourceSpendInput",
    "SpendSheet": "SourceSpend",
    "SuggestionsInput": "SourceSuggestionsInput",
    "SuggestionsTaken": "SourceSuggestionsTaken",
    "TakenSuggestion": "SourceSuggestionTaken",
    "SubCategory": "SourceSubCategory",
    "SubCategoryInput": "SourceSubCategoryInput",
    "SubCategoryRow": "SourceReportSubCategory",
    "SuggestedCategory": "SourceSuggestedCategory",
    "Unknown": "UnknownSource",
    "UnknownRow": "SourceReportUnknown",
    # problem reports, privacy, the organization
    "Erasure": "ErasureInput",
    "FieldReason": "ProblemField",
    "ListFormat": "FileFormat",
    "Me": "SignedIn",
    "ReportSettlement": "ProblemReportSettlement",
    "ReportStatus": "ProblemReportStatus",
    "ReportedKind": "ProblemReportKind",
    "RequestKind": "PrivacyRequestKind",
    "RequestState": "PrivacyRequestState",
    "RequestView": "PrivacyRequestView",
    "Role": "MemberRole",
}

STAND_ALONE = {
    *("Address", "Appointment", "Candidate", "Case", "Contact", "Customer", "Entitlement", "Equipment"),
    *("Fleet", "Inspection", "Job", "Member", "Message", "Note", "Organization", "Phone", "Problem"),
    *("Quote", "Shop", "Taxability", "Vehicle"),
}
"""The records whose one word says what they are, whatever stands around it."""

_REF = "#/components/schemas/"


def words_of(name: str) -> list[str]:
    """`SourceRow` is two words, `Status` one."""
    return re.findall(r"[A-Z][a-z0-9]*", name)


def renamed(schemas: Json, *rest: Any) -> Json:
    """The schemas under their public names; what refers to them in here and in the rest follows.

    Raises ValueError where two records would have one name, or a name of the table belongs to none.
    """
    if unused := sorted(set(PUBLIC) - set(schemas)):
        raise ValueError(f"local/openapi_names.py names what no answer and no body has any more: {unused}")
    public = {PUBLIC.get(name, name): schema for name, schema in schemas.items()}
    if len(public) < len(schemas):
        raise ValueError("local/openapi_names.py gives two records one name")
    for name, schema in public.items():
        if "title" in schema:
            schema["title"] = name
    _refer(list(public.values()))
    _refer(list(rest))
    return public


def _refer(value: Any) -> None:
    if isinstance(value, dict):
        name = str(value.get("$ref", "")).removeprefix(_REF)
        if name in PUBLIC:
            value["$ref"] = _REF + PUBLIC[name]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refer(inner)
