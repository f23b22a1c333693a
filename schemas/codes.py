"""The violation codes: what an inspector can record, as versioned data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from schemas.errors import Message, UnknownCode
from schemas.laws import LegalBasis, bases_from, in_force
from schemas.package_data import document, is_in_force, optional_day

NO_FINDING = "NV-000"


@dataclass(frozen=True, slots=True)
class Code:
    """One violation code.

    ``origin_rule`` says what a verdict on the fruit's origin means for it: out,
    in, stated, none or manual. ``needs`` names what else a finding rests on:
    lab, register or season. ``legal_basis`` is the citation as listed;
    ``basis_on`` chooses by the day of the act.
    """

    code: str
    zh: str
    en: str
    legal_basis: str
    basis_confirmed: bool
    origin_rule: str
    needs: str | None
    counts_as_act: bool
    usual_evidence: str
    bases: tuple[LegalBasis, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    pinyin_initials: str = ""

    def basis_on(self, acted_on: date) -> tuple[LegalBasis, ...]:
        """Return the provisions proposed for an act of that day; maybe none."""
        return in_force(self.bases, acted_on)

    def is_valid_on(self, acted_on: date) -> bool:
        """Tell whether the code could be chosen for an act of that day."""
        return is_in_force(acted_on, self.valid_from, self.valid_to)


class CodeList:
    """The codes of one version, in the order in which they are listed."""

    def __init__(self, version: str, codes: tuple[Code, ...]) -> None:
        self.version = version
        self._by_code: Mapping[str, Code] = {code.code: code for code in codes}
        self.counts_as_act = frozenset(c.code for c in codes if c.counts_as_act)

    def __iter__(self) -> Iterator[Code]:
        """Iterate over the codes as listed."""
        return iter(self._by_code.values())

    def __len__(self) -> int:
        """Return the number of codes."""
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        """Tell whether the list has a code."""
        return code in self._by_code

    def get(self, code: str) -> Code:
        """Return the entry of a code.

        Raises
        ------
        UnknownCode
            If the list has no such code.
        """
        try:
            return self._by_code[code]
        except KeyError:
            words = Message(f"代码表中没有 {code}", f"no code {code} in the list")
            raise UnknownCode("code-unknown", words) from None

    def search(self, text: str) -> list[Code]:
        """Return the codes that a word finds; all of them for an empty text.

        The word may be part of the code, of the Chinese or English name, or of
        the name's pinyin initials (``zc`` finds 早采). Codes that begin with it
        come first, then names, then the rest, each in the order of the list.
        """
        wanted = text.strip().casefold()
        ranked = [(_rank(code, wanted), code) for code in self]
        return [
            code
            for rank, code in sorted(
                ((rank, code) for rank, code in ranked if rank is not None),
                key=lambda pair: pair[0],
            )
        ]


def _rank(code: Code, wanted: str) -> int | None:
    if code.code.casefold().startswith(wanted):
        return 0
    if wanted in code.zh.casefold() or wanted in code.en.casefold():
        return 1
    if code.pinyin_initials.startswith(wanted):
        return 2
    if wanted in code.pinyin_initials or wanted in code.code.casefold():
        return 3
    return None


@cache
def code_list() -> CodeList:
    """Return the code list that is shipped."""
    return code_list_from_document(document("codes"))


def code_list_from_document(doc: Mapping[str, Any]) -> CodeList:
    """Return the code list of a reference document (``schemas/data/codes.json``)."""
    return CodeList(doc["version"], tuple(_code(entry) for entry in doc["entries"]))


def _code(entry: Mapping[str, Any]) -> Code:
    return Code(
        code=entry["code"],
        zh=entry["zh"],
        en=entry["en"],
        legal_basis=entry["legal_basis"],
        basis_confirmed=entry["basis_confirmed"],
        origin_rule=entry["origin_rule"],
        needs=entry["needs"],
        counts_as_act=entry["counts_as_act"],
        usual_evidence=entry["usual_evidence"],
        bases=bases_from(entry["bases"]),
        valid_from=optional_day(entry["valid_from"]),
        valid_to=optional_day(entry["valid_to"]),
        pinyin_initials=entry["pinyin_initials"],
    )
