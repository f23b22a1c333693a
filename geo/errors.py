"""What the geo room refuses, each with a stable code and words in two languages.

::

    GeoError
    ├── PositionRefused     a position that cannot be one
    ├── DatumRequired       coordinates without a stated datum
    ├── DatumConversionOff  a conversion is needed and the bureau switched it off
    ├── AdminCodeRefused    an administrative code that is not GB/T 2260
    ├── CountiesRefused     a county document that cannot be read
    └── AreaRefused         a protected origin that cannot be taken as it is
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for a person, in Chinese and in English."""

    zh: str
    en: str


class GeoError(Exception):
    """Root of every refusal by this package.

    Attributes
    ----------
    code : str
        Stable, in kebab case; what programs may compare.
    message : Message
        The reason in words.
    place : str
        Where it is: ``"features[2].geometry ring 0 vertex 14 (114.1, 25.3)"``;
        empty where there is nothing to point at.
    """

    def __init__(self, code: str, message: Message, place: str = "") -> None:
        super().__init__(code, message, place)
        self.code = code
        self.message = message
        self.place = place

    def __str__(self) -> str:
        """Say the reason and the place in English."""
        return f"{self.message.en} [{self.place}]" if self.place else self.message.en


class PositionRefused(GeoError):
    """A position is not finite, out of range, or its radius is not above zero."""


class DatumRequired(GeoError):
    """Coordinates came without a datum, or with one that is not known."""


class DatumConversionOff(GeoError):
    """Coordinates need a datum conversion, which this bureau switched off."""


class AdminCodeRefused(GeoError):
    """An administrative code does not have the form of GB/T 2260."""


class CountiesRefused(GeoError):
    """A county document lacks a code, a name or a valid polygon."""


class AreaRefused(GeoError):
    """A protected origin cannot be taken as it is; nothing of it was loaded."""
