"""The socket that the page is served at, or what stands in its way."""

import errno
import os
import socket

from tracker.errors import UsageError

_WAITING = 2048
"""Connections that wait to be taken; uvicorn's own number."""

_NO_SUCH_ADDRESS = "This computer has no such address: choose one that it has with --host."
_ADVICE = {
    errno.EADDRINUSE: "Another program has that port, perhaps this one in another window: end it, or choose "
    "another with --port (--port 0 takes a free one).",
    errno.EADDRNOTAVAIL: _NO_SUCH_ADDRESS,
    errno.EACCES: "Only the system's own programs may take that port: choose one above 1023 with --port.",
}
_OTHER_ADVICE = "Choose --port or --host."


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; what connects waits until it is served.

    Args:
        port: 0 takes any that is free.

    Raises:
        UsageError: the address cannot be taken.
    """
    try:
        return _bound(host, port)
    except (socket.gaierror, UnicodeError):
        advice = _NO_SUCH_ADDRESS
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, _OTHER_ADVICE)
    raise UsageError(f"the page cannot be served at {host} port {port}", advice=advice, host=host, port=port)


def _bound(host: str, port: int) -> socket.socket:
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":
            # Elsewhere it would take a port from the program that has it.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        # Of two that are bound at once, only this tells the second.
        taken.listen(_WAITING)
    except BaseException:
        taken.close()
        raise
    return taken
