"""All settings of a session: shipped defaults, and over them a person's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.backup.parameters import BackupParameters
from tracker.errors import SettingsError
from tracker.home import Home, own_text, shipped_text
from tracker.motion.frames.six_positions import SixPositionParameters
from tracker.motion.parameters import (
    AlignmentParameters,
    MotionParameters,
    OrientationParameters,
    RangeErrorParameters,
    RestTestParameters,
    StillnessParameters,
)
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.parameters import LinkParameters
from tracker.session.backfill_parameters import BackfillParameters
from tracker.session.guide import THIGH_RECIPES, GuideParameters
from tracker.session.page_parameters import PageParameters
from tracker.tables import parameters_from, parse_toml

FILE_NAME = "settings.toml"

_TABLES: dict[str, type[Any]] = {
    "orientation": OrientationParameters,
    "stillness": StillnessParameters,
    "alignment": AlignmentParameters,
    "rest_test": RestTestParameters,
    "link": LinkParameters,
    "clock": ClockParameters,
    "backfill": BackfillParameters,
    "guide": GuideParameters,
    "range_error": RangeErrorParameters,
    "calibration": SixPositionParameters,
    "backup": BackupParameters,
    "app": PageParameters,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a person may set."""

    motion: MotionParameters = field(default_factory=MotionParameters)
    link: LinkParameters = field(default_factory=LinkParameters)
    clock: ClockParameters = field(default_factory=ClockParameters)
    backfill: BackfillParameters = field(default_factory=BackfillParameters)
    guide: GuideParameters = field(default_factory=GuideParameters)
    calibration: SixPositionParameters = field(default_factory=SixPositionParameters)
    backup: BackupParameters = field(default_factory=BackupParameters)
    page: PageParameters = field(default_factory=PageParameters)


def load_settings(home: Home | None = None) -> Settings:
    """The shipped settings with the person's own over them, key by key.

    Raises:
        SettingsError: a table, key or value is wrong; the message names it and the file.
    """
    tables = _tables(shipped_text(FILE_NAME), FILE_NAME)
    source = FILE_NAME
    own = own_text(home.settings) if home else None
    if home and own is not None:
        source = str(home.settings)
        for name, table in _tables(own, source).items():
            tables[name] = {**tables.get(name, {}), **table}
    _refuse_other_recipes(tables.get("alignment", {}), source)
    read = {name: parameters_from(kind, tables.get(name, {}), name, source) for name, kind in _TABLES.items()}
    return Settings(
        motion=MotionParameters(
            orientation=read["orientation"],
            stillness=read["stillness"],
            alignment=read["alignment"],
            rest_test=read["rest_test"],
            range_error=read["range_error"],
        ),
        link=read["link"],
        clock=read["clock"],
        backfill=read["backfill"],
        guide=read["guide"],
        calibration=read["calibration"],
        backup=read["backup"],
        page=read["app"],
    )


def _refuse_other_recipes(alignment: Mapping[str, object], source: str) -> None:
    key, known = "alignment.reference_recipe", ", ".join(THIGH_RECIPES)
    recipe = alignment.get("reference_recipe", THIGH_RECIPES[0])
    if recipe not in THIGH_RECIPES:
        raise SettingsError(
            f"{source}: {key}: {str(recipe)[:40]!r} gives no thigh its zero",
            advice=f"Use one of {known}.",
            source=source,
            key=key,
        )


def _tables(text: str, source: str) -> dict[str, dict[str, object]]:
    tables = parse_toml(text, source)
    for name, table in tables.items():
        if name in _TABLES and not isinstance(table, dict):
            raise SettingsError(
                f"{source}: {name} is no table",
                advice=f"Write [{name}] in a line of its own, and what belongs to it below.",
                source=source,
                key=name,
            )
        if name not in _TABLES:
            known = ", ".join(f"[{known}]" for known in _TABLES)
            raise SettingsError(
                f"{source}: there is no table [{name}]",
                advice=f"Use one of {known}.",
                source=source,
                key=name,
            )
    return tables
