"""Which premises an observation is of, so that distinct ones can be counted."""

import unicodedata
from collections.abc import Mapping
from typing import Any


def premises_key(body: Mapping[str, Any]) -> str:
    """Return the key under which the premises of an observation count as one.

    1. The credit code of the party, if there is one.
    2. Else type, name and place. The name is the site's, or the party's; the
       place is the address, or the enforcement unit where none was written.
       Compared without case, width, blanks and punctuation.
    3. Without a name nothing says that two visits were to one place: each
       record counts for itself, by its record number.

    Examples
    --------
    >>> site = {"premises_type": "shop", "name": "果  多多", "address": "Ａ路1号"}
    >>> premises_key({"site": site})
    'shop|果多多|a路1号'
    """
    party, site = body.get("party", {}), body["site"]
    if "uscc" in party:
        return f"uscc|{party['uscc']}"
    name = _plain(site.get("name") or party.get("name", ""))
    if not name:
        return f"record|{body.get('record_no', '')}"
    place = _plain(site.get("address", "")) or body.get("unit_code", "")
    return f"{site['premises_type']}|{name}|{place}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
