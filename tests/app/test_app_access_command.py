"""`tracker app` as a person calls it: the passphrase, and what is refused before anything is served."""

import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from asked_app import PASSPHRASE
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from tracker.app.access.listening import listening_socket
from tracker.app.access.passphrase import PassphraseFile
from tracker.app.access.serving import Certificate, check_certificate
from tracker.cli.main import app
from tracker.errors import InputError, TrackerError, UsageError
from tracker.home import HOME_VARIABLE, Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return Home(tmp_path / "home")


def refused(*arguments: str, typed: str = "") -> TrackerError:
    ran = CliRunner().invoke(app, ["app", "--no-open", "--port", "0", *arguments], input=typed)
    assert isinstance(ran.exception, TrackerError), ran.output
    assert PASSPHRASE not in ran.output + ran.exception.message + ran.exception.advice
    return ran.exception


def test_a_passphrase_is_read_from_a_pipe(home: Home) -> None:
    ran = CliRunner().invoke(app, ["app", "--set-passphrase"], input=f"{PASSPHRASE}\nanother line\n")
    assert ran.exit_code == 0, ran.output
    assert PASSPHRASE not in ran.output
    file = PassphraseFile(home)
    assert file.matches(PASSPHRASE)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("typed", ["", "\n", "short\n", "x" * 3000 + "\n"])
def test_a_passphrase_that_is_none_is_refused(home: Home, typed: str) -> None:
    assert refused("--set-passphrase", typed=typed).exit_code in {2, 3}
    assert not PassphraseFile(home).is_set()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "mat.local"])  # noqa: S104 - refused
@pytest.mark.parametrize("simulated", [(), ("--simulated",)])
def test_others_are_let_in_by_a_passphrase_only(home: Home, host: str, simulated: tuple[str, ...]) -> None:
    error = refused("--host", host, *simulated)
    assert isinstance(error, UsageError)
    assert "--set-passphrase" in error.advice
    assert not PassphraseFile(home).is_set()


@pytest.mark.usefixtures("home")
def test_a_taken_port_is_told_in_our_words_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = subprocess.run(
            [sys.executable, "-m", "tracker", "app", "--no-open", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stdout) == (UsageError.exit_code, "")
    said, advice = ran.stderr.strip().splitlines()
    assert said == f"error: the page cannot be served at 127.0.0.1 port {port}"
    assert "--port 0 takes a free one" in advice


@pytest.mark.parametrize("host", ["192.0.2.7", "no.such.name.invalid", f"{'x' * 70}.local"])
def test_an_address_that_is_not_here_is_told_with_the_way_to_another(host: str) -> None:
    with pytest.raises(UsageError) as told:
        listening_socket(host, 0)
    assert "--host" in told.value.advice


def test_a_certificate_and_its_key_go_together(home: Home, tmp_path: Path) -> None:
    assert isinstance(refused("--certificate", str(tmp_path / "a.pem")), UsageError)
    assert isinstance(refused("--key", str(tmp_path / "a.pem")), UsageError)
    missing = str(tmp_path / "missing.pem")
    assert isinstance(refused("--certificate", missing, "--key", missing), InputError)
    assert not PassphraseFile(home).is_set()


def test_a_certificate_with_its_own_key_is_taken(tmp_path: Path) -> None:
    own, other = _written(tmp_path / "own"), _written(tmp_path / "other")
    check_certificate(own)
    with pytest.raises(InputError, match="cannot be used"):
        check_certificate(Certificate(own.chain, other.key))
    locked = _written(tmp_path / "locked", passphrase=b"some words")
    with pytest.raises(InputError, match="cannot be used"):
        check_certificate(locked)


def _written(folder: Path, passphrase: bytes | None = None) -> Certificate:
    """A certificate that vouches for itself."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mat")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, key_file = folder / "mat.pem", folder / "mat-key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    how = (
        serialization.NoEncryption()
        if passphrase is None
        else serialization.BestAvailableEncryption(passphrase)
    )
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    )
    return Certificate(chain, key_file)
