"""What a browser may do with what it gets: the policy of the content, and other headers of that kind."""

import re
import secrets
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders

_NONCE_BYTES = 16

_POLICY = {
    "default-src": "'none'",
    # NiceGUI makes functions of texts: handlers of events and what the server asks a page to do.
    "script-src": "'self' 'unsafe-eval'",
    # Vue, Quasar and the figures write styles into elements as they go.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""docs/access.md says what each of them leaves open, and why."""

_OTHERS = {
    "x-content-type-options": "nosniff",
    # Sent to this site alone. With no-referrer, browsers hide where the page's own forms come from, too.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), "
        "autoplay=(self), fullscreen=(self), screen-wake-lock=(self)"
    ),
}

_UNCHANGING = ("/_nicegui/", "/assets/", "/favicon")
"""Paths whose answers tell nothing of a person; all others are kept nowhere."""

_INLINE_SCRIPT = re.compile(rb'<script(?=>| type="(?:importmap|module)">)')


def new_nonce() -> str:
    """A number that allows the inline scripts of one answer, and no others."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def with_nonces(html: bytes, nonce: str) -> bytes:
    """A page with the nonce in its inline scripts.

    NiceGUI writes the texts of a page with `<` escaped, so that only the scripts of the frame are found.
    """
    return _INLINE_SCRIPT.sub(b'<script nonce="' + nonce.encode("ascii") + b'"', html)


def secure(headers: MutableHeaders, path: str, nonce: str | None = None, *, encrypted: bool = False) -> None:
    """Put the headers into an answer, over what the site put there itself.

    Args:
        nonce: of the answer's inline scripts; None where it has none.
        encrypted: it goes over https.
    """
    headers["content-security-policy"] = policy(nonce)
    for name, value in _OTHERS.items():
        headers[name] = value
    if encrypted:
        # Only while the browser is open would help little; a day is soon over where it was a trial.
        headers["strict-transport-security"] = "max-age=86400"
    if not path.startswith(_UNCHANGING):
        headers["cache-control"] = "no-store"


def policy(nonce: str | None = None) -> str:
    """The Content-Security-Policy of an answer."""
    return "; ".join(f"{name} {' '.join(_sources(name, value, nonce))}" for name, value in _POLICY.items())


def _sources(name: str, value: str, nonce: str | None) -> Iterable[str]:
    yield value
    if name == "script-src" and nonce is not None:
        yield f"'nonce-{nonce}'"
