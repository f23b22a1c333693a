"""The whole on-site record through the app: parties, lots, origins, signatures."""

from pathlib import Path
from typing import Any

import segno
from browser.inspector import XUNWU, Inspector, payload_of, picture, sign
from playwright.sync_api import Locator, expect

from schemas.completeness import missing_to_finalise
from schemas.record import explain

GOOD_CODE = "91360734MA35F6UN0Y"
BAD_CODE = "91360734MA35F6UN0X"
QUANTITIES = {
    "数量": ("1.2", "万斤", "wan_jin"),
    "其中涉案数量": ("500", "斤", "jin"),
    "已售": ("2.5", "吨", "t"),
    "未售": ("750", "千克", "kg"),
}
FIELDS = ("quantity", "infringing_quantity", "sold_quantity", "unsold_quantity")
SAID = """async (paths) => {
    const { $words: { say } } = await import("/field/joined/base.js");
    return paths.map((path) => say(`finalise.${path}`));
}"""

# Hashing a photograph takes until the test says so.
SLOW_DISK = """() => {
    const digest = crypto.subtle.digest.bind(crypto.subtle);
    const waiting = new Promise((resolve) => { self.goOn = resolve; });
    crypto.subtle.digest = async (...words) => (await waiting, digest(...words));
}"""


def begun(inspector: Inspector, premises: str = "批发市场") -> None:
    """Say the five things of a quick record, the photograph aside."""
    inspector.begin()
    assert inspector.position
    inspector.choose(premises)
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")


def sealed(inspector: Inspector) -> dict[str, Any]:
    """Save; return the sealed body, which the server's schema accepts."""
    payload = payload_of(inspector.save())
    assert explain(payload) == []
    body: dict[str, Any] = payload["body"]
    return body


def test_a_credit_code_is_checked_while_it_is_typed_and_never_sealed_wrong(
    inspector: Inspector,
) -> None:
    begun(inspector)
    party = inspector.part("当事人")
    code = party.get_by_label("统一社会信用代码")
    code.fill(BAD_CODE)
    expect(party.get_by_text("校验位不符，请核对执照")).to_be_visible()
    inspector.page.get_by_role("button", name="保存并封存").tap()
    assert inspector.faults == ["统一社会信用代码的校验位不符，请核对执照"]
    expect(code).to_be_focused()
    code.fill(" ".join((GOOD_CODE[:8].lower(), GOOD_CODE[8:].lower())))
    expect(party.get_by_text("校验位相符")).to_be_visible()
    party.get_by_label("名称或姓名").fill("寻乌县某果业有限公司")
    party.get_by_label("类型").select_option(label="企业")
    party.get_by_label("到场情况").select_option(label="在场")
    assert sealed(inspector)["party"] == {
        "name": "寻乌县某果业有限公司",
        "type": "company",
        "uscc": GOOD_CODE,
        "presence": "present",
    }


def test_a_part_is_made_when_it_is_opened_or_when_something_in_it_is_wrong(
    inspector: Inspector,
) -> None:
    begun(inspector)
    party = inspector.page.locator("details", has_text="当事人").first
    expect(party.locator("input")).to_have_count(0)
    inspector.part("当事人")
    party.get_by_label("统一社会信用代码").fill(BAD_CODE)
    inspector.page.get_by_role("link", name="返回首页，草稿保留").tap()
    inspector.page.get_by_role("heading", name="今天").wait_for()
    inspector.page.go_back()
    expect(party.locator("summary")).to_be_visible()
    expect(party.locator("input")).to_have_count(0)
    inspector.page.get_by_role("button", name="保存并封存").tap()
    assert inspector.faults == ["统一社会信用代码的校验位不符，请核对执照"]
    expect(party.get_by_label("统一社会信用代码")).to_be_focused()
    expect(party.get_by_label("统一社会信用代码")).to_have_value(BAD_CODE)


def test_a_closed_part_says_what_is_in_it_also_when_the_draft_is_opened_again(
    inspector: Inspector,
) -> None:
    begun(inspector)
    name = inspector.part("名称、地址、时间").get_by_label("名称", exact=True)
    name.fill("果品市场")
    scene = inspector.part("现场笔录")
    scene.get_by_label("已出示执法证件").check()
    scene.get_by_label("其他在场人").fill("李四")
    reason = inspector.part("签名").get_by_label("当事人未签名的原因")
    reason.fill("过后补签")
    sign(inspector, "签名：张三")
    inspector.part("备注").locator("textarea").fill("三车货")
    signed = "当事人未签，已写原因 · 执法人员 1 人已签"
    said = ["果品市场", "", "", "已填 2 项", signed, "张三", "三车货"]
    shown = inspector.page.locator(".more .said")
    expect(shown).to_have_text(said)
    inspector.page.get_by_role("link", name="返回首页，草稿保留").tap()
    inspector.page.get_by_role("heading", name="今天").wait_for()
    inspector.page.go_back()
    expect(shown).to_have_text(said)
    expect(inspector.page.locator(".kept")).to_contain_text("草稿已存")


def test_a_credit_code_is_read_from_the_qr_code_of_a_licence(
    inspector: Inspector, tmp_path: Path
) -> None:
    licence = tmp_path / "licence.png"
    told = f"http://www.gsxt.gov.cn/index?uniscid={GOOD_CODE}&name=某果业"
    segno.make(told).save(str(licence), scale=6, border=8)
    begun(inspector)
    party = inspector.part("当事人")
    party.get_by_role("button", name="扫执照").tap()
    dialog = inspector.page.get_by_role("dialog")
    with inspector.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="从照片读取").tap()
    chooser.value.set_files(licence)
    expect(party.get_by_label("统一社会信用代码")).to_have_value(GOOD_CODE)
    expect(party.get_by_text("校验位相符")).to_be_visible()
    assert sealed(inspector)["party"]["uscc"] == GOOD_CODE


def test_quantities_are_sealed_in_the_units_of_the_trade(inspector: Inspector) -> None:
    begun(inspector)
    lot = inspector.part("数量与产地")
    for label, (value, unit, _) in QUANTITIES.items():
        write_quantity(lot, label, value, unit)
    inspector.page.get_by_role("button", name="再加一批货物").tap()
    second = inspector.page.locator(".lot").nth(1)
    second.locator("label.tile").filter(has_text="近似标识").tap()
    second.locator("summary").filter(has_text="数量与产地").tap()
    write_quantity(second, "数量", "300", "枚")
    write_quantity(second, "未售", "12", "箱")
    goods = sealed(inspector)["goods"]
    for name, (value, _, unit) in zip(FIELDS, QUANTITIES.values(), strict=True):
        assert (goods[0][name]["value"], goods[0][name]["unit"]) == (value, unit)
    assert goods[1]["quantity"]["unit"] == "sticker"
    assert goods[1]["unsold_quantity"]["unit"] == "box"


def write_quantity(lot: Locator, label: str, value: str, unit: str) -> None:
    field = lot.locator(".field").filter(has=lot.page.get_by_text(label, exact=True))
    field.locator("input").fill(value)
    field.locator("select").select_option(label=unit)


def test_origins_are_a_county_a_pin_or_a_photograph_of_the_paper(
    inspector: Inspector,
) -> None:
    begun(inspector)
    page = inspector.page
    lot = inspector.part("数量与产地")
    declared, evidenced = lot.locator("fieldset.origin").all()
    declared.get_by_role("button", name="选县").tap()
    page.get_by_role("dialog").get_by_role("searchbox").fill("信丰")
    page.get_by_role("dialog").get_by_role("button", name="信丰县").tap()
    expect(declared).to_contain_text("信丰县 360722")
    evidenced.get_by_role("button", name="在地图上标注").tap()
    page.get_by_role("dialog").get_by_text("输入经纬度").tap()
    typed = page.get_by_role("dialog").get_by_role("textbox")
    typed.fill("113.5 25.1")
    typed.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="用这个位置").tap()
    expect(evidenced).to_contain_text("东经 113.50000°，北纬 25.10000°")
    with page.expect_file_chooser() as chooser:
        evidenced.get_by_role("button", name="拍凭证").tap()
    paper = {"name": "waybill.png", "mimeType": "image/png", "buffer": picture("paper")}
    chooser.value.set_files(files=[paper])  # type: ignore[list-item]
    expect(evidenced).to_contain_text("凭证 1 张")
    evidenced.get_by_label("依据").select_option(label="有书证")
    expect(page.locator(".advice")).to_contain_text("在保护范围外")
    body = sealed(inspector)
    (lot_sealed,) = body["goods"]
    assert lot_sealed["declared_origin"] == {"admin_code": "360722"}
    (origin,) = lot_sealed["evidenced_origins"]
    assert (origin["fix"]["lon_deg"], origin["fix"]["lat_deg"]) == (113.5, 25.1)
    assert origin["fix"]["source"] == "manual"
    assert origin["basis"] == "documented"
    assert origin["evidence"] == [body["evidence"][0]["id"]]
    assert body["evidence"][0]["kind"] == "documentary"


def test_measures_and_the_scene_are_sealed_as_written(inspector: Inspector) -> None:
    begun(inspector)
    measures = inspector.part("现场措施")
    measures.get_by_role("button", name="加一项措施").tap()
    measures.get_by_label("措施", exact=True).select_option(label="先行登记保存证据")
    measures.get_by_label("文书编号").fill("赣寻市监登〔2026〕7号")
    measures.get_by_label("期限").fill("2026-12-02")
    scene = inspector.part("现场笔录")
    scene.get_by_text("已出示执法证件").tap()
    scene.get_by_label("现场情况").fill("仓库内有纸箱若干。")
    scene.get_by_label("当事人陈述").fill("从外地购进。")
    scene.get_by_label("其他在场人").fill("王五\n赵六")
    body = sealed(inspector)
    assert body["measures"] == [
        {
            "kind": "registration_keeping",
            "doc_no": "赣寻市监登〔2026〕7号",
            "due_on": "2026-12-02",
        }
    ]
    assert body["on_site_record"] == {
        "certificates_shown": True,
        "scene_text": "仓库内有纸箱若干。",
        "party_statement": "从外地购进。",
        "other_participants": ["王五", "赵六"],
    }


def demanded(inspector: Inspector) -> list[str]:
    """What finalising still lists."""
    inspector.page.locator(".demands, .note.good").first.wait_for()
    return inspector.page.locator(".demands button").all_inner_texts()


def test_finalise_lists_what_the_law_demands_until_nothing_is_missing(
    inspector: Inspector,
) -> None:
    begun(inspector)
    body = sealed(inspector)
    page = inspector.page
    page.get_by_role("link", name="定稿").tap()
    inspector.shown()
    paths = [path for path, _ in missing_to_finalise(body)]
    assert demanded(inspector) == page.evaluate(SAID, paths)
    page.get_by_role("button", name="两名以上执法人员").tap()
    officers = inspector.part("执法人员")
    officers.get_by_role("button", name="加一人").tap()
    officers.get_by_label("姓名").last.fill("李四")
    officers.get_by_label("执法证号").last.fill("B0701-0002")
    complete(inspector)
    sign(inspector, "当事人签名")
    sign(inspector, "签名：张三")
    sign(inspector, "签名：李四")
    page.get_by_text("本软件核对的项目已齐").wait_for()
    final = sealed(inspector)
    assert list(missing_to_finalise(final)) == []
    assert final["amendment"]["kind"] == "finalise"
    signatures = final["on_site_record"]["officer_signatures"]
    assert len(signatures) == 2
    kept = {one["id"]: one["media_type"] for one in final["evidence"]}
    assert {kept[one] for one in signatures} == {"image/png"}


def complete(inspector: Inspector) -> None:
    """Say all that the law demands, the signatures aside."""
    place = inspector.part("名称、地址、时间")
    place.get_by_label("地址", exact=True).fill("寻乌县长宁镇")
    place.get_by_label("来源").select_option(label="日常巡查")
    place.get_by_role("button", name="现在").last.tap()
    party = inspector.part("当事人")
    party.get_by_label("名称或姓名").fill("某水果店")
    scene = inspector.part("现场笔录")
    for words in ("已出示执法证件", "已告知陈述、申辩", "笔录已交当事人核对"):
        scene.get_by_text(words).tap()
    scene.get_by_label("现场情况").fill("店内有纸箱。")
    scene.get_by_label("当事人陈述").fill("无")
    inspector.part("签名")


def test_what_is_still_being_kept_is_in_the_record_that_is_saved_at_once(
    inspector: Inspector,
) -> None:
    begun(inspector, "商店")
    page = inspector.page
    page.evaluate(SLOW_DISK)
    file = {"name": "a.png", "mimeType": "image/png", "buffer": picture("slow")}
    camera = page.locator("input[type=file]").first
    camera.set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="保存并封存").tap()
    page.get_by_role("button", name="正在封存").wait_for()
    page.evaluate("self.goOn()")
    page.wait_for_url("**/record/*/saved")
    page.locator(".seal").wait_for()
    record = inspector.ask("show", page.url.split("/")[-2])
    assert [one["file_name"] for one in record["body"]["evidence"]] == ["a.png"]


def test_who_does_not_sign_is_recorded_with_the_reason_and_a_witness(
    inspector: Inspector,
) -> None:
    begun(inspector, "商店")
    signatures = inspector.part("签名")
    signatures.get_by_label("当事人未签名的原因").fill("不承认违法")
    signatures.get_by_label("见证人", exact=True).fill("居委会王某")
    body = sealed(inspector)
    record = body["on_site_record"]
    assert record["refusal_reason"] == "不承认违法"
    assert record["witness"] == {"name": "居委会王某"}
    missing = [path for path, _ in missing_to_finalise(body)]
    assert "on_site_record.party_signature" not in missing
    assert body["site"]["fix"]["lon_deg"] == XUNWU[0]
