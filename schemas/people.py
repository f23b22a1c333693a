"""Who: officers, the party inspected, witnesses."""

from schemas.fields import Choice, Part, Text
from schemas.goods import CREDIT_CODE
from schemas.strict import StrictSchema
from schemas.vocabulary import words

# Five base64url parts: an ID number leaves the device only as JWE (RFC 7516).
JWE = r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"


class OfficerSchema(StrictSchema):
    """An officer with the number of the enforcement certificate."""

    name = Text(100, required=True)
    certificate_no = Text(64, required=True)


class LicenceLookupSchema(StrictSchema):
    """What the licence register of a season said, and which version of it."""

    season = Text(20, required=True)
    result = Text(200, required=True)
    register_version = Text(64, required=True)


class PartySchema(StrictSchema):
    """The party; an identity document is never in clear."""

    type = Choice(words("party_type"), required=True)
    name = Text(200)
    uscc = Text(18, pattern=CREDIT_CODE, code="uscc-malformed")
    id_document_jwe = Text(4000, pattern=JWE, code="id-document-not-encrypted")
    person_in_charge = Text(100)
    contact = Text(200)
    address = Text(400)
    presence = Choice(words("party_presence"))
    licence_lookup = Part(LicenceLookupSchema)


class WitnessSchema(StrictSchema):
    """A witness; ``signature`` names an item of evidence."""

    name = Text(100, required=True)
    contact = Text(200)
    signature = Text(36)
