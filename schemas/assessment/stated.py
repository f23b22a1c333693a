"""Comparison of two administrative divisions by their codes (GB/T 2260)."""

from collections.abc import Collection
from enum import Enum

from geo.membership import PROVINCES

_PROVINCE, _COUNTY = 2, 6


class Agreement(Enum):
    """How a declared division stands to an evidenced one."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


def compare_divisions(
    declared: str | None, evidenced: str | None, current: Collection[str]
) -> Agreement:
    """Tell whether what was declared and what is evidenced are one place.

    Parameters
    ----------
    declared, evidenced : str or None
        Codes of 2 to 12 digits; trailing zero levels mean the larger unit.
    current : collection of str
        County codes known to be in use. Counties were renumbered (360721 became
        360704), so two that differ only below the province are told apart only
        if both are known.

    Returns
    -------
    Agreement
        AGREES if the evidenced division is the declared one or lies in it,
        UNKNOWN if it is larger than the declared one, or either is unknown (100000
        is China).

    Examples
    --------
    >>> compare_divisions("360700", "360734", {"360734"}).value
    'agrees'
    >>> compare_divisions("360734", "360000", {"360734"}).value
    'unknown'
    >>> compare_divisions("360734", "350426", {"360734"}).value
    'differs'
    >>> compare_divisions("360704", "360721", {"360704"}).value
    'unknown'
    """
    if declared is None or evidenced is None:
        return Agreement.UNKNOWN
    stated, found = _significant(declared), _significant(evidenced)
    if found.startswith(stated):
        return Agreement.AGREES
    if stated.startswith(found):
        return Agreement.UNKNOWN
    provinces = {int(code[:_PROVINCE]) for code in (stated, found)}
    if not provinces <= PROVINCES:
        return Agreement.UNKNOWN
    if len(provinces) > 1:
        return Agreement.DIFFERS
    counties = {stated[:_COUNTY], found[:_COUNTY]}
    known = all(_is_known(county, current) for county in counties)
    return Agreement.DIFFERS if known else Agreement.UNKNOWN


def _significant(code: str) -> str:
    for length in (2, 4, 6, 9):
        if not code[length:].strip("0"):
            return code[:length]
    return code


def _is_known(code: str, current: Collection[str]) -> bool:
    return any(county.startswith(code) for county in current)
