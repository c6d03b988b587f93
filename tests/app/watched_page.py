"""A page in a window of its own: what it asks for, what it logs, whether it fits, what axe finds."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, FileChooser, Page, Request, WebSocket

AXE = Path(__file__).parents[2] / ".cache" / "page-tests" / "node_modules" / "axe-core" / "axe.min.js"

PATIENCE_MS = 30_000.0
"""A page is as right on a machine that does much else, only later."""

_SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => one.impact === "serious" || one.impact === "critical")
    .map(one => `${one.id}: ${one.help}: ` + one.nodes.map(node => node.html.slice(0, 160)).join(" | "))"""

_DRAWN = """async () => {
    await document.fonts.ready
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}"""

_TOO_WIDE = """() => {
    const limit = document.documentElement.clientWidth
    const cut = element => {
        for (let one = element.parentElement; one; one = one.parentElement)
            if (getComputedStyle(one).overflowX !== "visible" && one !== document.body
                && one !== document.documentElement) return true
        return false
    }
    if (document.documentElement.scrollWidth <= limit) return []
    return [`page of ${document.documentElement.scrollWidth} in ${limit}`,
        ...[...document.body.querySelectorAll("*")].filter(one => {
            const box = one.getBoundingClientRect()
            return box.width > 0 && (box.right > limit + 0.5 || box.left < -0.5) && !cut(one)
        }).map(one => one.outerHTML.slice(0, 120))]
}"""

_SIDEWAYS = """() => [...document.body.querySelectorAll("*")].filter(one =>
    one.tagName !== "TEXTAREA" && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
).map(one => `${one.scrollWidth} in ${one.clientWidth}: ${one.outerHTML.slice(0, 120)}`)"""


def _ignore(_: FileChooser) -> None: ...


class WatchedPage:
    """One window; its own cookies and storage.

    Attributes:
        page: what Playwright drives.
        faults: what it asked of other hosts, what it logged as errors, what failed in it.
    """

    def __init__(
        self, browser: Browser, address: str, *, width: int, height: int, dark: bool = False
    ) -> None:
        self.faults: list[str] = []
        self._address = address
        self._host = urlsplit(address).netloc
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page = self._context.new_page()
        self._watch(self.page)

    def go(self, path: str) -> None:
        """Open an address of the app, and wait until the page stands."""
        self.page.goto(self._address + path, wait_until="load")
        self.page.wait_for_selector("main h1")
        # The page that asks for the passphrase is plain and has no socket.
        self.page.wait_for_function("() => !document.getElementById('app') || window.did_handshake")
        self.page.evaluate(_DRAWN)

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def resize(self, width: int, height: int = 800) -> None:
        """Give the window another size, and let the page settle in it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def too_wide(self) -> Sequence[str]:
        """What does not fit the width of the window; empty where all does."""
        found: list[str] = self.page.evaluate(_TOO_WIDE)
        return found

    def scrolls_sideways(self) -> Sequence[str]:
        """What a person would have to push sideways to see all of it, but for lines of a plan as text."""
        found: list[str] = self.page.evaluate(_SIDEWAYS)
        return found

    def serious_findings(self) -> Sequence[str]:
        """What axe-core finds serious or critical; empty where there is nothing.

        Raises:
            RuntimeError: axe-core is not installed.
        """
        if not AXE.is_file():
            raise RuntimeError("axe-core is not installed: `make test-app` installs it")
        # Evaluated from outside, so that the page's own content security policy stays on.
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
        found: list[str] = self.page.evaluate(_SERIOUS)
        return found

    def _watch(self, page: Page) -> None:
        page.on("request", self._see_request)
        page.on("websocket", self._see_socket)
        page.on("console", self._see_console)
        page.on("pageerror", self._see_error)
        # Who begins to listen when a key is pressed can be too late for the dialog it opens.
        page.on("filechooser", _ignore)

    def _see_request(self, request: Request) -> None:
        self._see_address(request.url)

    def _see_socket(self, socket: WebSocket) -> None:
        self._see_address(socket.url)

    def _see_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.faults.append(f"asked another host: {url}")

    def _see_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"logged: {message.text} ({message.location.get('url', '')})")

    def _see_error(self, error: Error) -> None:
        self.faults.append(f"failed: {error.message}")
