"""What was published of the 2023 campaign, as records; no position was."""

from typing import Any

import shapely

from geo.counties import CountyMap
from schemas.examples import example

Body = dict[str, Any]

CAMPAIGN = "2023-gannan-navel-orange"
PRODUCT = "gannan-navel-orange"
RIGHT = "gannan-navel-orange"
CITY_ACTS_2023 = 208
XUNWU = "360734"
RONGJIANG = "3607-RJ"

_XUNWU_SOURCE = (
    "公开案例：寻乌仓储外地脐橙案（2023年11—12月）。"
    "Published case: Xunwu warehouse, Nov–Dec 2023. 姓名、日期与位置未公布，为代填。"
)
_RONGJIANG_SOURCE = (
    "公开通报：蓉江新区2023产季检查（标志使用企业2家、其他经营主体18家，出动52人次，未发现违法行为）。"
    "Published: Rongjiang inspections, season 2023. 名称、日期与位置未公布，为代填。"
)
_NO_POSITION = "公开材料未公布位置 / no position was published"
_LICENSEES = 2
_OTHER_PREMISES = (
    "farm_market",
    "supermarket",
    "shop",
    "stall",
    "courier",
    "wholesale",
)
_VISITS = 20


def xunwu_case(counties: CountyMap) -> Body:
    """Return the Xunwu warehouse: site inside, fruit from Youxi (outside).

    The source names the county but no position, so the fix is the county's
    inner point with a radius that holds the whole county.
    """
    body = example("xunwu_input")
    del body["officers"], body["unit_code"]
    body["party"] = {"type": "company", "name": "某果品经营者"}
    body["source_note"] = _XUNWU_SOURCE
    body["site"]["address"] = "江西省赣州市寻乌县（位置为近似值 / approximate）"
    body["site"]["fix"] = _somewhere_in(counties, XUNWU, body["observed_at"])
    body["evidence"] = []
    return body


def rongjiang_visits() -> list[Body]:
    """Return the 20 visits of the Rongjiang new area: no violation found."""
    return [_visit_without_finding(number) for number in range(_VISITS)]


def _visit_without_finding(number: int) -> Body:
    licensed = number < _LICENSEES
    kind = (
        "packing_plant" if licensed else _OTHER_PREMISES[number % len(_OTHER_PREMISES)]
    )
    title = f"标志使用企业{number + 1}" if licensed else f"经营主体{number - 1}"
    return {
        "observed_at": f"2023-11-{10 + number // 4}T{10 + number % 4}:00:00+08:00",
        "campaign": CAMPAIGN,
        "source_note": _RONGJIANG_SOURCE,
        "site": {
            "premises_type": kind,
            "name": f"蓉江新区{title}",
            "fix": None,
            "no_fix_reason": _NO_POSITION,
        },
        "goods": [],
        "violations": [
            {"code": "NV-000", "primary": True, "description": "未发现违法行为"}
        ],
        "evidence": [],
        "synthetic": False,
    }


def outline_of(
    counties: CountyMap, code: str
) -> shapely.Polygon | shapely.MultiPolygon:
    """Return the polygons of a county that the package data must hold."""
    found = counties.geometry(code)
    if found is None:
        raise LookupError(f"no county {code} in the package data")
    return found


def _somewhere_in(counties: CountyMap, code: str, fixed_at: str) -> Body:
    """Return an approximate fix whose 95 % circle holds the whole county."""
    county = outline_of(counties, code)
    inner = county.representative_point()
    reach_deg = shapely.hausdorff_distance(inner, shapely.boundary(county))
    return {
        "lon_deg": round(inner.x, 3),
        "lat_deg": round(inner.y, 3),
        "datum": "CGCS2000",
        "radius95_m": round(reach_deg * 111_320, -3),
        "source": "external",
        "is_mock": None,
        "fixed_at": fixed_at,
    }
