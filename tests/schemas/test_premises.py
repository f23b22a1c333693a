"""Which visits count as visits to one premises."""

from schemas.premises import premises_key


def site(**terms):
    return {"site": {"premises_type": "shop", **terms}, "unit_code": "360734"}


def test_the_credit_code_decides_if_there_is_one(body):
    assert premises_key(body) == "uscc|91360734MA35F6UN0Y"
    body["site"]["name"] = "other"
    assert premises_key(body) == "uscc|91360734MA35F6UN0Y"


def test_width_case_blanks_and_punctuation_do_not_make_another_premises():
    one = premises_key(site(name="Ａbc 果业（寻乌）", address="长宁镇 1号"))
    assert one == premises_key(site(name="abc果业(寻乌)", address="长宁镇1号"))


def test_type_name_and_place_make_another_premises():
    keys = {
        premises_key(site(name="果多多", address="a")),
        premises_key(site(name="果多多", address="b")),
        premises_key(site(name="果少少", address="a")),
        premises_key(site(name="果多多", address="a", premises_type="stall")),
    }
    assert len(keys) == 4


def test_without_an_address_the_unit_is_the_place():
    here = site(name="果多多")
    assert premises_key(here) == "shop|果多多|360734"
    assert premises_key(here | {"unit_code": "360702"}) != premises_key(here)


def test_the_party_lends_its_name_to_a_nameless_site():
    assert premises_key(site() | {"party": {"type": "farmer", "name": "甲"}}) == (
        "shop|甲|360734"
    )


def test_the_nameless_count_each_for_itself():
    assert premises_key(site() | {"record_no": "1"}) != premises_key(
        site() | {"record_no": "2"}
    )
