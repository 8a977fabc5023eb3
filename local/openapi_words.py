"""What the API's description says in prose: how to sign in, what holds everywhere, what each tag is."""

TAGS = {
    "search": "Customers of one shop or of all, as one types.",
    "customers": "Customers with their addresses, and bringing them over from another shop.",
    "vehicles": "A customer's vehicles, and those of linked customers.",
    "contacts": "Whom to write to for a customer: merged, suggested, cleaned up.",
    "VINs": "The vehicle form: a VIN checked and decoded, a plate's VINs.",
    "links": "Who is the same person in another shop: proposed, decided by people, undone.",
    "history": "Jobs, declined jobs and inspections, merged from the own shop and linked customers.",
    "repair orders": "Visits with their jobs and inspections.",
    "appointments": "A shop's calendar.",
    "equipment": "What stands at a customer's address, with its parts and its service history.",
    "quotes": "Priced work offered to a customer apart from repair orders.",
    "sources": "Where customers come from: categories, mapping, and who is here today without a source.",
    "profile": "A customer at one service address on one page; problems with the data; the portal.",
    "notes": "What technicians, dispatchers and the office tell each other about a customer.",
    "photos": "Photos of a service address, posted straight to S3 and shown by links that last a while.",
    "imports": "A point of sale's records, from a file or in the request.",
    "organization": "Shops and members, by the organization's dealer admins.",
    "unsubscribe": "The pages behind the link that every message carries, for the customers themselves.",
    "campaigns": "What a shop sends after a visit, set up: settings, letters, previews, kill switch, "
    "postcard batches.",
    "messages": "Campaigns as they go out: why on any day, the coming week, statistics, lists.",
    "fleets": "Companies whose vehicles come to several shops, by the organization's dealer admins.",
    "cases": "A customer's service events: assigned, written in, closed; who can be written to.",
    "own fleet": "For fleet users: their fleets' customers and cases in every shop.",
    "partners": "CustomerLink, MechanicNET and CARFAX: set up, tried out, their nightly files, "
    "what they were told.",
    "privacy": "A customer's data handed out or erased on request, and the proof of it.",
    "operator": "Organizations and their entitlements, by the operator.",
    "documents": "This description.",
}

ABOUT = """Customers of a multi-shop auto-repair organization, their history across its shops, and the links
between them.

**Sign in** at Cognito's endpoint of the deployment's region, `https://cognito-idp.<region>.amazonaws.com/`,
with the client id that the operator gives you: `InitiateAuth` with `AuthFlow` `USER_PASSWORD_AUTH` and
`AuthParameters` `USERNAME`, `PASSWORD`. An invited member's first sign-in answers `ChallengeName`
`NEW_PASSWORD_REQUIRED` with a `Session`: send both back by `RespondToAuthChallenge` with `ChallengeResponses`
`USERNAME` and `NEW_PASSWORD`. Who has set a code up is asked `SOFTWARE_TOKEN_MFA` in the same way, with
`SOFTWARE_TOKEN_MFA_CODE`. Each ends with `AuthenticationResult`: an ID token good for an hour, and a
refresh token good for thirty days. Renew with `InitiateAuth`, `AuthFlow` `REFRESH_TOKEN_AUTH` and
`AuthParameters` `REFRESH_TOKEN`; when that is refused, sign in anew.

**Send the ID token** (not the access token) with each request: `Authorization: Bearer <ID token>`. What the
member may do and which shops it reaches stands with the organization and takes effect within a minute,
whatever the token says; another organization's records answer 404, as if they didn't exist. Each operation
says which roles may call it. A role that may not is told so (403) before anything that is wrong with the
request.

**Send bodies** as one JSON object in UTF-8. Fields that aren't known are refused. In a change (PATCH) what
you leave out stays as it was, and what you send replaces it, lists as a whole; `""` or `null` empties a text.
In an answer every field is always there, except `errors` and `candidates` of a problem; where a day or an
instant may be missing, it is `""`.

**Change** a record with the `ETag` it was read with in `If-Match`: 412 means that someone else saved in
between, so read again. Send an `Idempotency-Key` of your own with each write: the same request sent twice is
then done once, also when the first answer never came.

**Lists** page by `next`: send it as `cursor` for the page that follows; `null` ends the list. `limit` is the
most that a page has.

**Problems** are RFC 9457 problem details. `type` is stable, `urn:crossbay:problem:` and a word of the table;
`detail` is a sentence for people, `errors` names the fields. Any request may also end in 500, 502 or 504.
While a new release is being deployed, any change of a record that it saved may get 409
`saved-by-newer-release`: send it again some minutes later.
Every answer names its request in `X-Request-Id`, which leads to our log; 429, 502, 503 and 504 say in
`Retry-After` when to try again.

| status | type | meaning |
| --- | --- | --- |
"""

LICENSE = {"name": "For members of organizations on this deployment", "identifier": "LicenseRef-Crossbay"}
CONTACT = {"name": "The operator of this deployment"}

HEADERS = {
    "ETag": {"description": "The version, for `If-Match`.", "example": '"1"'},
    "Location": {
        "description": "The path of what was made, or where to go on.",
        "example": "/shops/0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13",
    },
    "X-Request-Id": {
        "description": "Names the request, as our log does.",
        "example": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    },
}

EVERYWHERE = {
    401: "No valid ID token, or its member was removed.",
    412: "Someone else changed this since the version in `If-Match`. Read it again and repeat the change.",
    413: "The request is too large.",
    415: "The body is compressed, or isn't JSON in UTF-8.",
    422: "This `Idempotency-Key` was used for another request.",
    428: "A change without `If-Match`.",
    429: "There are too many requests just now. Nothing was changed.",
    503: "The system is busy. Nothing was changed; try again in a moment.",
}
"""What a status means wherever an operation says nothing of its own."""
