"""Values of a table change in a text; everything else in it stays, or nothing is done."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SettingsError
from tracker.plan.plan_lines import changed_lines
from tracker.plan.plan_table import shipped_plan_text

SHIPPED = shipped_plan_text()
TABLES = [
    ("phases", phase, "prescriptions", name)
    for phase, table in tomllib.loads(SHIPPED)["phases"].items()
    for name in table["prescriptions"]
]


@given(
    path=st.sampled_from(TABLES),
    values=st.dictionaries(
        st.sampled_from(["sets", "reps", "hold_s", "rest_s", "tempo", "band", "days_a_week"]),
        st.none() | st.sampled_from(["3", "[2, 4]", "1.5", '"2-1-3"', '{ placement = "feet" }']),
    ),
)
def test_only_the_meant_values_change(path: tuple[str, ...], values: dict[str, str | None]) -> None:
    after = changed_lines(SHIPPED, path, values)
    wanted = tomllib.loads(SHIPPED)
    table = wanted["phases"][path[1]]["prescriptions"][path[3]]
    for key, value in values.items():
        table.pop(key, None)
        if value is not None:
            table[key] = tomllib.loads(f"x = {value}")["x"]
    assert tomllib.loads(after) == wanted
    comments = [line for line in SHIPPED.split("\n") if line.startswith("#")]
    assert [line for line in after.split("\n") if line.startswith("#")] == comments


@pytest.mark.parametrize(
    "text",
    [
        "[a]\nx = [\n  1,\n  2,\n]\n",
        "a.x = 1\n",
        "a = { x = 1 }\n",
        '[a]\ny = """\nx = 1\n"""\n',
        "[a]\nx.z = 1\n",
        "",
    ],
)
def test_what_stands_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="cannot be changed here"):
        changed_lines(text, ("a",), {"x": "2"})


def test_a_comment_behind_a_value_stays() -> None:
    assert changed_lines("[a]\nx = 1  # one\n", ("a",), {"x": "2"}) == "[a]\nx = 2  # one\n"
    assert changed_lines('[a]\nx = "a # b"\n', ("a",), {"x": '"c"'}) == '[a]\nx = "c"\n'


def test_a_table_with_a_quoted_name_is_found() -> None:
    assert changed_lines('["a b".c]\nx = 1\n[d]\nx = 1\n', ("a b", "c"), {"x": "2"}) == (
        '["a b".c]\nx = 2\n[d]\nx = 1\n'
    )
