"""Each pose and exercise has a drawing of its own, in the page's colours, with words for it."""

import re
from xml.etree import ElementTree as ET

import pytest

from tracker.app.drawings import Drawing, drawing_of, worn_drawing
from tracker.app.drawings.strokes import HEIGHT, WIDTH
from tracker.model import PhaseKind, ReferenceRecipe
from tracker.plan.catalogue import load_catalogue

EXERCISES = {name: drawing_of(PhaseKind.SET, name) for name in load_catalogue()}
POSES = {
    **{kind.value: drawing_of(kind) for kind in (PhaseKind.STANDING, PhaseKind.KNEE_LIFT, PhaseKind.REST)},
    **{recipe.value: drawing_of(PhaseKind.REFERENCE, None, recipe) for recipe in ReferenceRecipe},
    "worn": worn_drawing(),
}
_NUMBERS = {"x", "y", "cx", "cy", "x1", "y1"}


@pytest.mark.parametrize("drawing", [*EXERCISES.values(), *POSES.values()], ids=[*EXERCISES, *POSES])
def test_it_can_be_read_and_lies_within_its_frame(drawing: Drawing | None) -> None:
    assert drawing is not None
    root = ET.fromstring(drawing.svg)  # noqa: S314 - the program's own
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    for element in root.iter():
        points = [tuple(map(float, one.split(","))) for one in (element.get("points") or "").split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
        colours = {element.get("stroke"), element.get("fill")} - {None, "none"}
        assert all(re.fullmatch(r"var\(--[a-z]+\)", colour or "") for colour in colours)
        assert not any(name.lower().startswith("on") or name == "style" for name in element.attrib)


def test_each_has_a_text_of_its_own_but_for_the_same_movement() -> None:
    texts = {name: drawing.alt for name, drawing in EXERCISES.items() if drawing is not None}
    assert len(set(texts.values())) == len(EXERCISES)
    assert all(text.endswith(".") for text in texts.values())


def test_an_exercise_of_one_s_own_has_the_drawing_of_any_movement() -> None:
    assert drawing_of("set", "my_own") == EXERCISES["generic"]


def test_a_step_without_a_pose_has_none() -> None:
    assert drawing_of(PhaseKind.DONNING) is None


def _lines(drawing: Drawing | None, dashes: str) -> list[list[tuple[float, float]]]:
    """Points of the strokes that are dashed so: `2 8` is where the moving part ends."""
    assert drawing is not None
    return [
        [(float(x), float(y)) for x, y in (one.split(",") for one in (element.get("points") or "").split())]
        for element in ET.fromstring(drawing.svg).iter()  # noqa: S314 - the program's own
        if element.get("stroke-dasharray") == dashes
    ]


def test_who_stands_up_stands_over_the_own_feet() -> None:
    drawing = EXERCISES["sit_to_stand"]
    foot = max(
        (line[-1] for line in _lines(drawing, "none") if line[0][0] == line[-1][0]), key=lambda at: at[1]
    )
    (standing,) = _lines(drawing, "2 8")
    assert {x for x, _ in standing} == {foot[0]}


def test_in_the_reverse_clamshell_the_knees_stay_together_and_the_foot_comes_up() -> None:
    drawing = EXERCISES["reverse_clamshell"]
    ((knee, foot),) = _lines(drawing, "2 8")
    shanks = [line for line in _lines(drawing, "none") if line[0][0] == knee[0]]
    assert len(shanks) == 2, "both legs begin at the knees, one above the other"
    assert all(foot[1] < shank[-1][1] for shank in shanks)
