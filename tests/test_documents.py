"""Documents, shipped settings, requirement files and the wheel say and hold what the program does."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer.main

import tracker
from tracker.cli.main import _EPILOG, app
from tracker.cli.person_option import PERSON_VARIABLE
from tracker.errors import TrackerError
from tracker.home import DATABASE_VARIABLE, HOME_VARIABLE, Home, shipped_text
from tracker.plan.catalogue import load_catalogue
from tracker.report.replay_document import replay_document
from tracker.sensing.body.sessions import demo_session
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.replay import replay
from tracker.session.settings import load_settings
from tracker.session.simulation import write_simulated_recording
from tracker.session.version import ANALYSIS_VERSION

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *sorted(path.name for path in ROOT.glob("*.md")),
    "recordings/README.md",
    "docs/access.md",
    "docs/adding_a_sensor.md",
]
REQUIREMENTS = sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))
PACKAGES = ("tracker", "firmware_protocol")


def commands_of(group: object, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, those of groups too."""
    for name, command in vars(group).get("commands", {}).items():
        yield prefix + name, command
        yield from commands_of(command, f"{prefix}{name} ")


COMMANDS = dict(commands_of(typer.main.get_command(app)))


def options_of(command: str) -> set[str]:
    """All names of a command's options, short and long, on and off."""
    parameters = COMMANDS[command].params
    names = {name for parameter in parameters for name in [*parameter.opts, *parameter.secondary_opts]}
    return names | {"--help", "-h"}


def command_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every command that a text names, with the options that stand after it."""
    joined = text.replace("\\\n", " ")
    for name, rest in re.findall(r"\btracker ([a-z]+(?:-[a-z]+)*)((?: [^\n`|#]*)?)", joined):
        first = f"{name} {rest.split()[0]}" if rest.split() else name
        yield first if first in COMMANDS else name, re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)


def own_exit_codes() -> set[int]:
    """Exit codes of all of the program's errors."""
    known, waiting = {TrackerError.exit_code}, [TrackerError]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        known |= {kind.exit_code for kind in kinds}
    return known


def listed_exit_codes(text: str) -> dict[int, str]:
    """Codes and meanings in `Exit codes: 0 done, 1 ...`."""
    listed = re.search(r"Exit codes: (.*?)\.\s", " ".join(text.split()) + " ")
    assert listed is not None
    return {int(code): meaning for code, meaning in re.findall(r"(\d+) ([^,]+)", listed[1])}


def test_commands_exist() -> None:
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_every_command(command: str) -> None:
    assert f"| `tracker {command}` |" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_says_which_commands_print_json(command: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `tracker {command}` |"))
    assert ("yes" in row.split("|")[3]) == ("--json" in options_of(command))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(command: str) -> None:
    text = COMMANDS[command].help or ""
    examples = list(command_lines(text.partition("Example: ")[2]))
    assert examples and examples[0][0] == command
    assert set(examples[0][1]) <= options_of(command)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_only_commands_and_options_that_exist(document: str) -> None:
    for command, options in command_lines((ROOT / document).read_text(encoding="utf-8")):
        assert command in COMMANDS, f"{document} names `tracker {command}`"
        assert set(options) <= options_of(command), f"{document} names options of `tracker {command}`"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("https://"):
            assert ((ROOT / document).parent / target).exists(), target


def test_readme_names_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    named = set(re.findall(r"(?:^ {4}|`)make (?:[A-Z]+=\S+ )*([a-z][a-z-]*)", README, re.MULTILINE))
    assert {"demo", "test", "check", "bench", "lock"} <= named <= set(phony[1].split())


def test_readme_and_code_agree_on_exit_codes() -> None:
    table = README.partition("## Exit codes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| (.*?) \|$", table, re.MULTILINE)
    documented = {int(code): meaning for code, meaning in rows}
    assert set(documented) == own_exit_codes() | {0, 130}
    assert documented == listed_exit_codes(vars(sys.modules["tracker.errors"])["__doc__"])
    assert documented == listed_exit_codes(_EPILOG)


def test_readme_names_every_key_of_the_replay_document(tmp_path: Path) -> None:
    path = tmp_path / "simulated.mcap"
    write_simulated_recording(demo_session(), path, datetime(2026, 1, 31, 18, 0, tzinfo=UTC))
    settings = load_settings()
    parameters = AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)
    document = replay_document(replay(path, parameters))
    section = README.partition("## Replay, JSON and traces")[2].partition("\n## ")[0]
    objects = {
        "top": document,
        "`recording`": document["recording"],
        "a sensor": document["recording"]["sensors"][0],
        "`analysis`": document["analysis"],
        "a rest test": document["rest_tests"][0],
        "a set": document["sets"][0],
        "a repetition": document["sets"][0]["reps"][0],
    }
    for name, values in objects.items():
        row = next(line for line in section.splitlines() if line.startswith(f"| {name} |"))
        assert [key for key in values if f"`{key}`" not in row] == [], name


def test_readme_examples_of_settings_and_exercises_are_accepted(tmp_path: Path) -> None:
    section = README.partition("## Settings and your own exercises")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", section, re.MULTILINE)
    settings, exercises = ("\n".join(line[4:] for line in block.splitlines()) for block in blocks)
    home = Home(tmp_path)
    home.settings.write_text(settings, encoding="utf-8")
    home.exercises.write_text(exercises, encoding="utf-8")
    assert load_settings(home) != load_settings()
    assert set(load_catalogue(home)) - set(load_catalogue()) == set(tomllib.loads(exercises))


def test_shipped_settings_and_exercises_are_accepted() -> None:
    assert {path.name for path in (ROOT / "config").iterdir()} == {
        "exercises.toml",
        "plan.toml",
        "safety.toml",
        "settings.toml",
    }
    load_settings()
    assert set(load_catalogue()) == set(tomllib.loads(shipped_text("exercises.toml")))


def test_readme_names_every_table_of_settings() -> None:
    tables = tomllib.loads(shipped_text("settings.toml"))
    assert [name for name in tables if f"`{name}`" not in README] == []


def test_readme_names_the_environment_variables() -> None:
    assert [
        name for name in (HOME_VARIABLE, DATABASE_VARIABLE, PERSON_VARIABLE) if f"`{name}`" not in README
    ] == []


def test_changelog_speaks_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"Analysis version {ANALYSIS_VERSION}" in changelog.partition("### Scientific changes")[2]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == tracker.__version__


def test_requirement_files_are_there() -> None:
    assert REQUIREMENTS == ["all.txt", "base.txt", "build.txt", "dev.txt", "lock.txt"]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_and_hashed_and_name_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    entries = text.replace("\\\n", " ").splitlines()
    pinned = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; [\w .!<>='-]+?)?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert [entry for entry in entries if not pinned.fullmatch(entry)] == []


def test_requirement_files_agree_on_versions() -> None:
    pins: dict[tuple[str, str], set[str]] = {}
    for name in REQUIREMENTS:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        for package, version, marker in re.findall(
            r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", text, re.MULTILINE
        ):
            python = " ".join(re.findall(r"python_full_version \S+ \S+", marker))
            pins.setdefault((package, python), set()).add(version)
    assert {key: versions for key, versions in pins.items() if len(versions) > 1} == {}


def test_requirements_hold_what_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    base = project["project"]["dependencies"]
    everything = [*base, *extras["virtual"], *extras["postgresql"], *extras["parquet"]]
    wanted = {
        "base.txt": base,
        "all.txt": everything,
        "build.txt": project["build-system"]["requires"],
        "dev.txt": [*everything, *groups["dev"], *groups["build"]],
        "lock.txt": groups["lock"],
    }
    for name, needs in wanted.items():
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        held = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
        assert {re.split(r"[^a-z0-9-]", need)[0] for need in needs} <= held, name


@pytest.mark.slow
def test_wheel_holds_all_that_runs_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is not installed; `make test` installs it")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(tmp_path), str(ROOT)], check=True, stdin=subprocess.DEVNULL)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    source = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    config = {f"tracker/_shipped_config/{path.name}" for path in (ROOT / "config").iterdir()}
    assert held == source | config
    assert {
        "firmware_protocol/PROTOCOL.md",
        "firmware_protocol/golden_vectors.json",
        "firmware_protocol/py.typed",
        "tracker/_shipped_config/settings.toml",
        "tracker/py.typed",
        "tracker/store/migrations/versions/v0001_first_schema.py",
    } <= held
