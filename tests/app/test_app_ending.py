"""The app ends when it is told to, also while a request is not said to its end, and does not complain."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from app_process import ServedApp

pytestmark = pytest.mark.slow


def test_a_request_that_the_end_cuts_off_is_no_complaint(tmp_path: Path) -> None:
    with socket.socket() as sender:
        # which says at its end what it complained of
        with ServedApp(tmp_path) as app:
            at = urlsplit(app.address)
            sender.connect((at.hostname, at.port))
            head = f"POST /api/persons HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Type: application/json\r\n"
            sender.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            answer = httpx.get(f"{app.address}/api/persons", trust_env=False)
            assert answer.status_code == 200
        assert sender.makefile("rb").readline() == b"HTTP/1.1 500 Internal Server Error\r\n"
