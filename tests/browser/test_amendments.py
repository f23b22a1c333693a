"""Amending a sealed record: one draft makes one version, and none undoes another."""

from typing import Any

import pytest
from browser.inspector import Inspector
from complete_record import COMPLETE
from playwright.sync_api import Page, expect

SEAL = "保存并封存"
RECORD = """async (body) => {
    const { openTabletOutbox } = await import("/field/outbox/tablet.js");
    self.beside ??= await openTabletOutbox({ isAutomatic: false });
    const draft = await self.beside.saveDraft({}, null);
    const paper = new Blob(["signed"], { type: "image/png" });
    const { sha256 } = await self.beside.addPhoto(draft, paper, { file_name: "a.png" });
    const whole = { ...body, evidence: [{ id: "e1", sha256 }] };
    return self.beside.record(whole, { draft });
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
