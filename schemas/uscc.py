"""The unified social credit code (统一社会信用代码) and its check digit."""

from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_digit(first_17: str) -> str:
    """Return the 18th character that belongs to the first 17.

    Raises
    ------
    KeyError
        If a character is none of the 31 of the code (I, O, S, V, Z are none).
    """
    total = sum(map(mul, map(_VALUES.__getitem__, first_17), _WEIGHTS))
    return ALPHABET[-total % 31]


def is_valid(text: str) -> bool:
    """Tell whether a text is a credit code: 18 capital characters, digit agreeing.

    References
    ----------
    GB 32100-2015, Annex A: modulo 31, weights 3^i mod 31.

    Examples
    --------
    >>> is_valid("91350100M000100Y43")
    True
    >>> is_valid("91350100M000100Y44")
    False
    >>> is_valid("91350100m000100y43")
    False
    """
    if len(text) != 18:
        return False
    try:
        return check_digit(text[:17]) == text[17]
    except KeyError:
        return False
