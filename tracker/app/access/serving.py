"""Who may use the page where it is served, and by which encryption."""

import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from tracker.app.access.gate import Gate
from tracker.app.access.guard import Access
from tracker.app.access.hosts import AllowedHosts, is_local
from tracker.app.access.passphrase import PassphraseFile
from tracker.errors import InputError, UsageError
from tracker.session.page_parameters import PageParameters

_BYTES_OF_MB = 1e6
_S_OF_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Encrypts the page: the files of a certificate, with those that vouch for it, and of its key."""

    chain: Path
    key: Path


def access_for(
    parameters: PageParameters, host: str, passphrase: PassphraseFile, *, encrypted: bool
) -> Access:
    """Who may use a page that is served at a host.

    Raises:
        UsageError: others can reach the host, and no passphrase was set.
        StorageError: the passphrase cannot be read.
    """
    hosts = AllowedHosts(host, parameters.allowed_hosts)
    upload_bytes = int(parameters.upload_mb * _BYTES_OF_MB)
    if is_local(host):
        return Access(hosts, None, upload_bytes)
    if not passphrase.is_set():
        raise UsageError(
            f"others could open the page at {host}: no passphrase was set",
            advice="Set one: tracker app --set-passphrase",
            host=host,
        )
    lasting_s = parameters.session_hours * _S_OF_HOUR
    gate = Gate(passphrase, lasting_s, time.monotonic, encrypted=encrypted)
    return Access(hosts, gate, upload_bytes)


def check_certificate(certificate: Certificate) -> None:
    """Try a certificate and its key.

    Raises:
        InputError: they cannot be read, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # The server does not ask: a key with a passphrase of its own would wait for ever.
        context.load_cert_chain(certificate.chain, certificate.key, password=lambda: "")
    except (OSError, ValueError) as error:
        cause = "they are no certificate and its key" if isinstance(error, ssl.SSLError) else str(error)
        raise InputError(
            f"the certificate {certificate.chain} and the key {certificate.key} cannot be used: {cause}",
            advice="Give PEM files that belong together; the key without a passphrase of its own.",
            certificate=str(certificate.chain),
            key=str(certificate.key),
        ) from error
