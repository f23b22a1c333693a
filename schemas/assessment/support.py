"""What verdicts on origin say about a violation, by the rule of its code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from geo.origin import Verdict
from schemas.assessment.answers import (
    LotVerdict,
    Reference,
    Support,
    ViolationSupport,
)
from schemas.assessment.origins import fix_of, is_fruit
from schemas.assessment.stated import Agreement, compare_divisions
from schemas.cross_rules import SHARE_TOLERANCE

Body = Mapping[str, Any]
_RULED_OUT = "not_established"
VerdictsByLot = Mapping[str, frozenset[Verdict]]


def verdicts_by_lot(body: Body, lots: Iterable[LotVerdict]) -> VerdictsByLot:
    """Return the verdicts that each lot's parts have, over all rights concerned.

    Shares that add up to less than 1 leave a rest of unknown origin, so
    ``undetermined`` is among them. Fruit of no protected name has none: there is
    nothing to test it against.
    """
    found: dict[str, set[Verdict]] = {lot["id"]: set() for lot in body["goods"]}
    for lot in lots:
        found[lot.lot_id].add(lot.verdict)
    for lot in body["goods"]:
        if not is_fruit(lot):
            found[lot["id"]].add(Verdict.NOT_APPLICABLE)
        elif lot["rights"] and has_unknown_rest(body["site"], lot):
            found[lot["id"]].add(Verdict.UNDETERMINED)
    return {lot_id: frozenset(verdicts) for lot_id, verdicts in found.items()}


def has_unknown_rest(site: Body, lot: Body) -> bool:
    """Tell whether the shares of a lot's origins say that a part is unaccounted for."""
    if site["premises_type"] == "orchard" or not is_fruit(lot):
        return False
    shares = [origin.get("share") for origin in lot.get("evidenced_origins", ())]
    if not shares or None in shares:
        return False
    return bool(sum(shares) < 1.0 - SHARE_TOLERANCE)


def combined_verdict(verdicts: frozenset[Verdict]) -> Verdict:
    """Return one verdict for a lot: its worst part, seen from the protected name."""
    for verdict in (Verdict.OUTSIDE, Verdict.UNDETERMINED, Verdict.INSIDE):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE


def violation_support(
    violation: Body, body: Body, verdicts: VerdictsByLot, reference: Reference
) -> ViolationSupport:
    """Return what the origins of the lots concerned say about one violation.

    A violation that names no lot concerns every lot of the observation.
    """
    code = reference.codes.get(violation["code"])
    named = violation.get("goods") or list(verdicts)
    support = _RULES[code.origin_rule](named, body, verdicts, reference)
    return ViolationSupport(
        violation["id"],
        code.code,
        support,
        code.counts_as_act and violation.get("state") != _RULED_OUT,
        bool(violation.get("primary")),
    )


def _out(
    named: Sequence[str], _body: Body, verdicts: VerdictsByLot, _reference: Reference
) -> Support:
    return _side(named, verdicts, Verdict.OUTSIDE, Verdict.INSIDE)


def _in(
    named: Sequence[str], _body: Body, verdicts: VerdictsByLot, _reference: Reference
) -> Support:
    return _side(named, verdicts, Verdict.INSIDE, Verdict.OUTSIDE)


def _side(
    named: Sequence[str],
    verdicts: VerdictsByLot,
    supporting: Verdict,
    contradicting: Verdict,
) -> Support:
    """Any part on the supporting side supports; all on the other contradicts."""
    of_fruit = [verdicts[lot] for lot in named if verdicts[lot] != _NO_FRUIT]
    if named and not of_fruit:
        return "not_applicable"
    if any(supporting in parts for parts in of_fruit):
        return "supports"
    if of_fruit and all(parts == {contradicting} for parts in of_fruit):
        return "contradicts"
    return "open"


_NO_FRUIT = frozenset({Verdict.NOT_APPLICABLE})


def _stated(
    named: Sequence[str], body: Body, _verdicts: VerdictsByLot, reference: Reference
) -> Support:
    lots = [lot for lot in body["goods"] if lot["id"] in named]
    of_fruit = [lot for lot in lots if is_fruit(lot)]
    if lots and not of_fruit:
        return "not_applicable"
    found = {
        agreement
        for lot in of_fruit
        for agreement in _agreements(lot, body["site"], reference)
    }
    if Agreement.DIFFERS in found:
        return "supports"
    return "contradicts" if found == {Agreement.AGREES} else "open"


def _agreements(lot: Body, site: Body, reference: Reference) -> Iterator[Agreement]:
    declared = _division(lot.get("declared_origin", {}), reference)
    is_orchard = site["premises_type"] == "orchard"
    origins = [{"fix": site.get("fix")}] if is_orchard else lot.get("evidenced_origins")
    for origin in origins or [{}]:
        evidenced = _division(origin, reference)
        yield compare_divisions(declared, evidenced, set(reference.counties.codes))
    if has_unknown_rest(site, lot):
        yield Agreement.UNKNOWN


def _division(origin: Body, reference: Reference) -> str | None:
    """Return the division of an origin; None if its position leaves it in doubt."""
    fix = origin.get("fix")
    if fix is None:
        return origin.get("admin_code")
    hit = reference.counties.locate(fix_of(fix), convert=reference.convert_datum)
    return None if hit.is_ambiguous else hit.code


def _none(*_unused: object) -> Support:
    return "not_applicable"


def _manual(*_unused: object) -> Support:
    return "open"


_RULES: Mapping[str, Callable[..., Support]] = {
    "out": _out,
    "in": _in,
    "stated": _stated,
    "none": _none,
    "manual": _manual,
}
