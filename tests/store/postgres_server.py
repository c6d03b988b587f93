"""A private PostgreSQL server on a Unix socket, where the machine has the programs for one."""

import atexit
import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest


def new_database() -> str:
    """The address of a new, empty database; skips the test where there is no server to start."""
    socket_folder = _server()
    name = f"test_{uuid.uuid4().hex[:12]}"
    _run(_programs()["createdb"], "-h", str(socket_folder), "-U", "tester", name)
    return f"postgresql://tester@/{name}?host={socket_folder}"


def _programs() -> dict[str, str]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    search = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = {name: shutil.which(name, path=search) for name in ("initdb", "pg_ctl", "createdb")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        pytest.skip(f"no PostgreSQL server here: {', '.join(missing)} not found")
    return {name: path for name, path in found.items() if path is not None}


@functools.cache
def _server() -> Path:
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("the PostgreSQL driver psycopg is not installed")
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    if (user := _server_user()) is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    _run(programs["initdb"], "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _run(programs["pg_ctl"], "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    atexit.register(_stop, programs["pg_ctl"], folder)
    return folder


def _stop(pg_ctl: str, folder: Path) -> None:
    _run(pg_ctl, "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str) -> None:
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, user=_server_user(), cwd="/", stdin=subprocess.DEVNULL
    )


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other user")
