"""Products and the rights that concern them; rights may nest."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.package_data import document


@dataclass(frozen=True, slots=True)
class Right:
    """A protected name or certification mark; ``within`` names the one around it."""

    right: str
    zh: str
    en: str
    kind: str
    within: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it is offered, with the rights that its name touches."""

    product: str
    zh: str
    en: str
    rights: tuple[str, ...]
    pinyin_initials: str


@cache
def rights() -> Mapping[str, Right]:
    """Return every known right by its key."""
    return {
        entry["right"]: Right(
            entry["right"],
            entry["zh"],
            entry["en"],
            entry["kind"],
            entry["within"],
            entry["confirmed"],
        )
        for entry in document("products")["rights"]
    }


@cache
def products() -> Mapping[str, Product]:
    """Return every known product by its key, in the order of the list."""
    return {
        entry["product"]: Product(
            entry["product"],
            entry["zh"],
            entry["en"],
            tuple(entry["rights"]),
            entry["pinyin_initials"],
        )
        for entry in document("products")["products"]
    }


def rights_of(product: str) -> tuple[str, ...]:
    """Return the rights proposed for a product; none for one that is not listed."""
    known = products().get(product)
    return known.rights if known else ()
