"""Waiting for what a page can only promise."""

import time

from browser.chromium import PATIENCE_MS
from playwright.sync_api import Page


def until(page: Page, question: str) -> None:
    """Wait until a promise of the page is kept with a yes.

    Playwright's own ``wait_for_function`` takes the promise itself for one.
    """
    ends_at = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(question):
        assert time.monotonic() < ends_at, question
