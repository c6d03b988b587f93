"""Whether a request was made by the page itself, by a person, or by a page of somebody else."""

from starlette.datastructures import Headers
from starlette.types import Scope

from tracker.app.access.hosts import AllowedHosts, Authority, authority
from tracker.app.access.refusal import API_PATH, Refusal, is_under

SOCKET_PATH = "/_nicegui_ws"

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_SECURE = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_OWN_SITES = frozenset({"same-origin", "none"})
"""Of Sec-Fetch-Site: none is what a person did, by a bookmark or the address line."""

_WRONG_HOST = Refusal(
    421,
    "host",
    "the page is not served at this address",
    "Open the address that the program shows, or allow the name: allowed_hosts of [app] in the settings.",
)
_FOREIGN = Refusal(
    403,
    "origin",
    "another page asked for this",
    "Open the program's own page, and do it there.",
)
_MALFORMED = Refusal(400, "request", "the request makes no sense", "Open the address that the program shows.")


def refused_origin(scope: Scope, allowed: AllowedHosts) -> Refusal | None:
    """Why a request may not come from where it comes from; None where it may.

    What sends neither Origin nor Sec-Fetch-Site is no page: browsers send at least one of them with
    whatever a page of somebody else could do harm with.
    """
    headers = Headers(scope=scope)
    scheme = _SECURE[scope["scheme"]]
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or len(origins) > 1:
        return _MALFORMED
    host = authority(hosts[0], scheme)
    if host is None:
        return _MALFORMED
    server = scope.get("server")
    if not allowed.allows(host.host, server[0] if server else None):
        return _WRONG_HOST
    if origins and not _is_own(origins[0], host, scheme):
        return _FOREIGN
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN_SITES and not _only_leads_here(scope, headers):
        return _FOREIGN
    return None


def _is_own(origin: str, host: Authority, scheme: str) -> bool:
    """True where an origin is this site's own; a proxy before it may have added the encryption."""
    origin_scheme, separator, rest = origin.partition("://")
    if not separator or origin_scheme not in {scheme, "https"}:
        return False
    found = authority(rest, origin_scheme)
    if found is None or found.host != host.host:
        return False
    return found.port == host.port or (origin_scheme != scheme and (found.port, host.port) == (443, 80))


def _only_leads_here(scope: Scope, headers: Headers) -> bool:
    """True for a link on somebody else's page that opens one of ours."""
    return (
        scope["type"] == "http"
        and scope["method"] in _SAFE_METHODS
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and not is_under(scope["path"], API_PATH)
        and not is_under(scope["path"], SOCKET_PATH)
    )
