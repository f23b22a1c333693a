"""Amending a sealed record: one draft makes one version, and none undoes another."""

from typing import Any

import pytest
from browser.inspector import Inspector, picture
from complete_record import COMPLETE
from playwright.sync_api import Page, expect

SEAL = "保存并封存"
RECORD = """async (body) => {
    const { $outbox_tablet } = await import("/field/joined/first.js");
    self.beside ??= await $outbox_tablet.openTabletOutbox({ isAutomatic: false });
    const draft = await self.beside.saveDraft({}, null);
    const paper = new Blob(["signed"], { type: "image/png" });
    const { sha256 } = await self.beside.addPhoto(draft, paper, { file_name: "a.png" });
    const evidence = [{ id: "s1", sha256 }, { id: "s2", sha256 }];
    return self.beside.record({ ...body, evidence }, { draft });
}"""


def sealed(inspector: Inspector) -> dict[str, Any]:
    """A record that lacks nothing, as it was sealed."""
    record: dict[str, Any] = inspector.page.evaluate(RECORD, COMPLETE)
    return record


def amend(inspector: Inspector, record: dict[str, Any], way: str = "amend") -> None:
    """Open the form that amends or finalises a record."""
    inspector.open(f"record/{record['id']}/{way}")


def say_why(inspector: Inspector, reason: str) -> None:
    """Say why it is amended; the draft is kept then."""
    inspector.page.get_by_label("原因（定稿可不填）").fill(reason)
    inspector.kept()


def versions(inspector: Inspector, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The bodies of a record's versions, the oldest first."""
    held = inspector.ask("show", record["id"])["versions"]
    return [inspector.ask("show", one["id"])["body"] for one in held]


def beside(inspector: Inspector) -> Page:
    """What is shown, in a second window."""
    other = inspector.page.context.new_page()
    other.goto(inspector.page.url)
    other.locator(".finding").get_by_text("GI-101").wait_for()
    return other


def amended_meanwhile(inspector: Inspector, record: dict[str, Any]) -> str:
    """Amend with a photograph and a note; return its hash, which is evidence e3."""
    amend(inspector, record)
    say_why(inspector, "补拍")
    inspector.photograph(picture("second"), "second.png")
    inspector.part("备注").get_by_role("textbox").fill("第二版")
    inspector.part("名称、地址、时间").get_by_label("地址", exact=True).fill("二")
    sealed = inspector.save()["body"]["evidence"][2]
    assert sealed["id"] == "e3"
    return str(sealed["sha256"])


def test_an_amendment_begun_before_another_undoes_nothing_of_it(
    newcomer: Inspector,
) -> None:
    record = sealed(newcomer)
    amend(newcomer, record)
    say_why(newcomer, "店名写错")
    newcomer.photograph(picture("first"), "first.png")
    place = newcomer.part("名称、地址、时间")
    place.get_by_label("名称", exact=True).fill("甲果店")
    place.get_by_label("地址", exact=True).fill("一")
    draft = newcomer.page.url.rpartition("/field/")[2]
    newcomer.page.get_by_role("link", name="返回首页").tap()
    newcomer.page.locator(".home").wait_for()
    second = amended_meanwhile(newcomer, record)
    newcomer.open(draft)
    page = newcomer.page
    expect(page.locator(".note.warn").first).to_contain_text("又有了新版本")
    assert newcomer.faults == ["新版本也改过这一处；这里是本草稿的内容，请核对"]
    expect(page.get_by_label("地址", exact=True)).to_have_value("一")
    newcomer.save()
    third = versions(newcomer, record)[2]
    files = {one["id"]: one["sha256"] for one in third["evidence"]}
    assert list(files) == ["s1", "s2", "e3", "e4"]
    assert files["e3"] == second
    assert third["note"] == "第二版"
    assert third["site"] | {"name": "甲果店", "address": "一"} == third["site"]
    assert third["amendment"]["reason"] == "店名写错"


def test_a_record_amended_in_another_window_is_shown_as_it_is_by_now(
    newcomer: Inspector,
) -> None:
    record = sealed(newcomer)
    amend(newcomer, record)
    say_why(newcomer, "店名写错")
    other = beside(newcomer)
    newcomer.ask("amend", record["id"], {"note": "第二版"}, {"reason": "补"})
    other.get_by_role("button", name=SEAL).tap()
    expect(other.locator(".note.warn")).to_contain_text("又有了新版本")
    assert len(versions(newcomer, record)) == 2
    other.get_by_role("button", name=SEAL).tap()
    other.get_by_role("heading", name="已封存").wait_for()
    assert versions(newcomer, record)[2]["note"] == "第二版"


def test_a_correction_whose_record_was_finalised_goes_on_as_an_addendum(
    newcomer: Inspector,
) -> None:
    record = sealed(newcomer)
    amend(newcomer, record)
    say_why(newcomer, "店名写错")
    newcomer.ask("amend", record["id"], {}, {"kind": "finalise"})
    newcomer.page.reload()
    newcomer.shown()
    expect(newcomer.page.get_by_label("类别")).to_have_value("addendum")
    amendment = newcomer.save()["body"]["amendment"]
    assert amendment == {"kind": "addendum", "reason": "店名写错"}


def test_an_unfinished_amendment_is_offered_before_a_second_is_begun(
    newcomer: Inspector,
) -> None:
    record = sealed(newcomer)
    amend(newcomer, record)
    say_why(newcomer, "店名写错")
    draft = newcomer.page.url
    newcomer.ask("amend", record["id"], {"note": "第二版"}, {"reason": "补"})
    amend(newcomer, record, "finalise")
    newcomer.page.get_by_role("link", name="接着写那一份").tap()
    newcomer.page.wait_for_url(draft)
    expect(newcomer.page.get_by_label("原因（定稿可不填）")).to_have_value("店名写错")
    assert len(newcomer.ask("drafts")) == 1


def test_a_draft_whose_record_was_withdrawn_can_be_deleted(newcomer: Inspector) -> None:
    record = sealed(newcomer)
    amend(newcomer, record)
    say_why(newcomer, "店名写错")
    newcomer.ask("withdraw", record["id"], "重复录入")
    newcomer.page.reload()
    newcomer.page.get_by_text("该记录已撤回").wait_for()
    newcomer.page.get_by_role("button", name="删除草稿").tap()
    newcomer.page.get_by_role("button", name="删除", exact=True).tap()
    newcomer.page.locator(".home").wait_for()
    assert newcomer.ask("drafts") == []


@pytest.mark.parametrize("way", ["amend", "finalise"])
def test_an_amendment_that_another_window_sealed_is_not_sealed_again(
    newcomer: Inspector, way: str
) -> None:
    record = sealed(newcomer)
    amend(newcomer, record, way)
    say_why(newcomer, "地址写错")
    other = beside(newcomer)
    newcomer.save()
    other.get_by_role("button", name=SEAL).tap()
    expect(other.locator(".banner.problem")).to_contain_text("已保存为记录")
    assert len(versions(newcomer, record)) == 2
    assert newcomer.ask("drafts") == []
