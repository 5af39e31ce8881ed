"""What a page may do and what a server says of it: one list of response headers, for every way to serve.

The pages' own meta element, the files for hosts and `build.py serve` all take it from here. Nothing is
rendered here, and nothing of a site is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Directives = tuple[tuple[str, str], ...]
"""(directive, sources) of a content security policy, in the order in which they are written."""

_PAGE: Directives = (
    ("default-src", "'none'"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("font-src", "'self'"),
    ("script-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
)
_FRAMES: Directives = (("frame-ancestors", "'none'"),)
"""A browser takes this from a header only: Content Security Policy Level 3, 3.3 (w3.org/TR/CSP3)."""


def content_security(directives: Directives) -> str:
    """Return a policy as it is written in a header or a meta element.

    >>> content_security((("default-src", "'none'"), ("img-src", "'self'")))
    "default-src 'none'; img-src 'self'"
    """
    return "; ".join(f"{name} {sources}" for name, sources in directives)


IN_HEADER: Directives = _PAGE + _FRAMES
"""What a server sends: nothing is loaded but from the site itself, nothing sent anywhere, no page framed."""
IN_PAGE: Directives = _PAGE
"""What each page says of itself, for copies from `file://` and from servers that send no headers."""

_FEATURES = """
accelerometer all-screens-capture ambient-light-sensor aria-notify attribution-reporting autoplay battery
bluetooth browsing-topics camera captured-surface-control ch-device-memory ch-downlink ch-dpr ch-ect
ch-prefers-color-scheme ch-prefers-reduced-motion ch-prefers-reduced-transparency ch-rtt ch-save-data
ch-ua ch-ua-arch ch-ua-bitness ch-ua-form-factors ch-ua-full-version ch-ua-full-version-list
ch-ua-high-entropy-values ch-ua-mobile ch-ua-model ch-ua-platform ch-ua-platform-version ch-ua-wow64
ch-viewport-height ch-viewport-width ch-width clipboard-read clipboard-write compute-pressure
cross-origin-isolated deferred-fetch deferred-fetch-minimal digital-credentials-create
digital-credentials-get display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid
identity-credentials-get idle-detection interest-cohort keyboard-map language-detector language-model
local-fonts local-network local-network-access loopback-network magnetometer
media-playback-while-not-visible microphone midi on-device-speech-recognition otp-credentials payment
picture-in-picture private-state-token-issuance private-state-token-redemption
publickey-credentials-create publickey-credentials-get screen-wake-lock serial speaker-selection
storage-access summarizer sync-xhr translator unload usb web-share window-management xr-spatial-tracking
"""
FEATURES = tuple(_FEATURES.split())
"""What pages can be forbidden to use: all that Debian's Chromium 156 names, as
`document.featurePolicy.features()`; and what is only in Chromium on other systems, or a standardized feature
in the list of the W3C's working group (features.md of w3c/webappsec-permissions-policy).

A browser notes in its console which of them it does not know, and goes on. They stay: to share a page and to
look for Bluetooth are unknown on a desk with Linux, and are there on the phones that readers have."""


@dataclass(frozen=True, slots=True)
class Header:
    """One response header."""

    name: str
    value: str
    why: str
    """For the person who reads the server's settings: half a sentence."""


HEADERS: tuple[Header, ...] = (
    Header(
        "Content-Security-Policy",
        content_security(IN_HEADER),
        "nothing is loaded from other sites, nothing is sent, no other site can show a page in a frame",
    ),
    Header("Referrer-Policy", "no-referrer", "a site that a reader goes to is not told where from"),
    Header("X-Content-Type-Options", "nosniff", "a file is taken for what it is"),
    Header("X-Frame-Options", "DENY", "the same as frame-ancestors, for old browsers"),
    Header("Cross-Origin-Opener-Policy", "same-origin", "a page that opened this one cannot watch it"),
    Header(
        "Cross-Origin-Resource-Policy", "same-origin", "other sites cannot take our files into their pages"
    ),
    Header(
        "Cross-Origin-Embedder-Policy", "require-corp", "nothing comes into a page that has not agreed to"
    ),
    Header(
        "Permissions-Policy",
        ", ".join(f"{feature}=()" for feature in FEATURES),
        "camera, place, sensors and all else that a page could ask for are off",
    ),
    Header(
        "X-DNS-Prefetch-Control", "off", "names of other sites are not looked up before a reader goes there"
    ),
)
"""On every answer, errors included. The cache's header and the one below come on top."""

HSTS = Header(
    "Strict-Transport-Security",
    "max-age=63072000",
    "for two years browsers ask this name by https only",
)
"""Over https alone: RFC 6797, 7.2. An onion address is encrypted by Tor, and has no use for it."""


@dataclass(frozen=True, slots=True)
class Caching:
    """How long a reader's browser may keep what it got; each a value of `Cache-Control`."""

    name: str
    pages: str
    """Of pages and PDFs."""
    assets: str
    """Of style sheets, scripts, fonts and pictures."""


SHARED_DEVICE = Caching("shared device", "no-store", "no-store")
"""Nothing is kept, for readers whose phone others look into. The usual one."""
LOW_BANDWIDTH = Caching("low bandwidth", "max-age=3600", "max-age=86400")
"""Pages are kept for an hour, so that a number that was corrected is not shown for long."""


def headers(secure: bool) -> tuple[Header, ...]:
    """Return the headers of every answer but the cache's; `secure` over https."""
    return (*HEADERS, HSTS) if secure else HEADERS


def with_sources(directives: Directives, more: Iterable[tuple[str, str]]) -> Directives:
    """Return a policy with directives replaced or added.

    >>> content_security(with_sources((("default-src", "'none'"),), [("connect-src", "'self'")]))
    "default-src 'none'; connect-src 'self'"
    """
    return tuple({**dict(directives), **dict(more)}.items())
