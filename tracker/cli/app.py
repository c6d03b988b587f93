"""`tracker app`: the page in the browser."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.app.access.passphrase import PassphraseFile
    from tracker.app.access.serving import Certificate

_HOST = "Address to serve at. On any other than this computer's own a passphrase is asked for."


def app(
    host: Annotated[str, typer.Option(help=_HOST)] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8321,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser at once.")
    ] = True,
    simulated: Annotated[
        bool, typer.Option(help="Simulated sensors that do what the page asks; kept apart and marked.")
    ] = False,
    set_passphrase: Annotated[
        bool, typer.Option("--set-passphrase", help="Set the passphrase for --host, and end.")
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Encrypt with this certificate (PEM).", dir_okay=False)
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate's key (PEM).", dir_okay=False)
    ] = None,
) -> None:
    """Open the page: train, look, review. Ctrl-C ends it; a session that runs is saved.

    Example: tracker app --simulated
    """
    import asyncio

    from tracker.cli.output import note
    from tracker.cli.short_lived import without_collecting

    with without_collecting():
        from tracker.app.access.passphrase import PassphraseFile
        from tracker.app.engine.running import Engine
        from tracker.app.server import Address, serve
        from tracker.app.site import Site
    from tracker.home import home_from_environment
    from tracker.session.workplace import workplace

    # Simulated sessions have a home of their own within this one; the passphrase is the same.
    passphrase = PassphraseFile(home_from_environment())
    if set_passphrase:
        _set(passphrase)
        return
    address = Address(host, port, _certificate(certificate, key))
    place = workplace(simulated=simulated)

    def ready(shown: str) -> None:
        note(f"The page is at {shown} (Ctrl-C ends it)")
        if address.is_readable_by_others:
            note("Others on this network can read along: give --certificate and --key to encrypt it.")
        if open_browser:
            import webbrowser

            webbrowser.open(shown)

    with place.database() as database:
        site = Site(place, database, Engine(place, database, simulated=simulated), simulated)
        asyncio.run(serve(site, address, passphrase, ready))


def _set(file: "PassphraseFile") -> None:
    """Ask for the passphrase on the terminal, else take the first line that is piped in."""
    import sys

    from tracker.cli.output import note
    from tracker.cli.passphrase import asked_twice, piped_passphrase
    from tracker.home import home_from_environment

    home_from_environment().create()
    file.set(asked_twice() if sys.stdin.isatty() else piped_passphrase())
    note("The passphrase is set. Who is logged in stays so until the `tracker app` that runs ends.")


def _certificate(chain: Path | None, key: Path | None) -> "Certificate | None":
    from tracker.app.access.serving import Certificate
    from tracker.errors import UsageError

    if chain is None and key is None:
        return None
    if chain is None or key is None:
        raise UsageError("a certificate needs its key", advice="Give both --certificate and --key.")
    return Certificate(chain, key)
