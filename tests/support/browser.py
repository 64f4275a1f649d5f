"""Debian's Chromium through Playwright, with the flags that a closed network and a root user need."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARTIFACTS = Path(os.environ.get("ZURUF_TEST_ARTIFACTS", "test-artifacts"))
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def context(
    browser: Browser, *, locale: str = "de-DE", phone: bool = False, dark: bool = False, own_authority: bool = False
) -> BrowserContext:
    """Return a browser of its own. ``own_authority``: take certificates that no authority of the system signed."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
    return browser.new_context(
        locale=locale, viewport=size, color_scheme="dark" if dark else "light", has_touch=phone,
        reduced_motion="reduce", ignore_https_errors=own_authority,
    )  # type: ignore[arg-type]  # fmt: skip


def picture(page: Page, name: str) -> None:
    """Keep a screenshot as an artefact."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")
