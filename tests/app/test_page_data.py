"""The pages Data, Sensors and Persons, as a person uses them."""

import re
import zipfile
from pathlib import Path

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve
from history_home import OTHER_PERSON, copied_home
from playwright.sync_api import expect
from watched_page import WatchedPage

pytestmark = pytest.mark.browser

WORK_MS = 30_000
"""Work that takes seconds on a busy computer."""


@pytest.fixture
def own(history: Path, tmp_path: Path, serve: Serve) -> ServedApp:
    """An app of one's own with a history."""
    return serve(copied_home(history, tmp_path / "home"))


def downloaded(watched: WatchedPage, link: str, folder: Path) -> Path:
    """The file behind a link."""
    with watched.page.expect_download() as download:
        watched.page.get_by_role("link", name=re.compile(link)).first.click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def test_an_export_is_made_and_fetched_and_a_second_page_sees_it(
    own: ServedApp, open_page: OpenPage, tmp_path: Path
) -> None:
    first, second = open_page(own, "/en/data"), open_page(own, "/en/data")
    first.page.get_by_role("button", name="Make the file").click()
    link = re.compile("Download hip-rotation-csv")
    expect(first.page.get_by_role("link", name=link)).to_be_visible(timeout=WORK_MS)
    expect(second.page.get_by_role("link", name=link)).to_be_visible(timeout=WORK_MS)
    expect(second.page.get_by_text("SIMULATED").nth(1)).to_be_visible()
    with zipfile.ZipFile(downloaded(second, "Download hip-rotation-csv", tmp_path)) as archive:
        assert any(name.endswith(".csv") for name in archive.namelist())
    first.page.get_by_role("region", name="Export").get_by_role("button", name="Close this").click()
    expect(second.page.get_by_role("link", name=link)).to_have_count(0)


def test_days_in_the_wrong_order_are_told(looked_at: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(looked_at, "/en/data")
    watched.page.get_by_label("From this day on").fill("2026-05-02")
    watched.page.get_by_label("Until this day").fill("2026-05-01")
    watched.page.get_by_role("button", name="Make the file").click()
    expect(watched.page.get_by_role("region", name="Export").get_by_role("alert").last).to_contain_text(
        "before it begins"
    )


def test_a_backup_is_made_read_typed_for_and_restored_while_another_page_is_open(
    own: ServedApp, open_page: OpenPage, tmp_path: Path
) -> None:
    watched = open_page(own, "/en/data")
    page = watched.page
    backup = page.get_by_role("region", name="Backup")
    backup.get_by_label("Passphrase, if it shall be encrypted").fill("some plain words")
    backup.get_by_label("The passphrase once more").fill("some plain words")
    backup.get_by_role("button", name="Make a backup").click()
    expect(backup.get_by_role("link", name=re.compile("Download hip"))).to_be_visible(timeout=WORK_MS)
    file = downloaded(watched, "Download hip-rotation-backup", tmp_path)

    watched.go("/en/persons")
    page.get_by_label("Name").last.fill("Came later")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Came later")).to_be_visible()
    other = open_page(own, "/en/persons")
    expect(other.page.get_by_role("heading", name="Came later")).to_be_visible()

    watched.go("/en/data")
    restore = page.get_by_role("region", name="Restore")
    restore.get_by_label("File of a backup").set_input_files(file)
    expect(restore.get_by_text("is handed in.")).to_be_visible(timeout=WORK_MS)
    restore.get_by_role("button", name="See what is in it").click()
    expect(restore.get_by_text("this backup is encrypted")).to_be_visible(timeout=WORK_MS)
    restore.get_by_role("button", name="Close this").click()
    restore.get_by_label("Passphrase, if it is encrypted").fill("some plain words")
    restore.get_by_role("button", name="See what is in it").click()
    expect(restore.get_by_text("2 persons")).to_be_visible(timeout=WORK_MS)
    go_on = restore.get_by_role("button", name="Put it in place of what is here")
    go_on.click()
    expect(restore.get_by_text("Type the word restore.")).to_be_visible()
    restore.get_by_label("Type the word restore to go on").fill("restore")
    go_on.click()
    # Both pages are loaded anew, and show what was restored.
    expect(page.get_by_text("What was there before lies in")).to_be_visible(timeout=WORK_MS)
    expect(other.page.get_by_role("heading", name="Came later")).to_have_count(0, timeout=WORK_MS)
    expect(other.page.get_by_role("heading", name=OTHER_PERSON)).to_be_visible()


def test_what_is_no_backup_is_told_and_nothing_happens(
    looked_at: ServedApp, open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.tar"
    file.write_bytes(b"nothing of the kind" * 100)
    watched = open_page(looked_at, "/en/data")
    restore = watched.page.get_by_role("region", name="Restore")
    restore.get_by_label("File of a backup").set_input_files(file)
    expect(restore.get_by_text("holiday.tar is handed in.")).to_be_visible(timeout=WORK_MS)
    restore.get_by_role("button", name="See what is in it").click()
    expect(restore.get_by_role("button", name="Close this")).to_be_visible(timeout=WORK_MS)
    expect(restore.get_by_role("button", name="Put it in place of what is here")).to_have_count(0)
    restore.get_by_role("button", name="Close this").click()


def test_tables_become_a_session(own: ServedApp, open_page: OpenPage, tmp_path: Path) -> None:
    table = tmp_path / "left.csv"
    rows = (f"{n / 100},0,0,1,0,0,0.1" for n in range(600))
    table.write_text("time_s,ax,ay,az,gx,gy,gz\n" + "\n".join(rows) + "\n", encoding="utf-8")
    watched = open_page(own, "/en/data")
    form = watched.page.get_by_role("region", name="Import")
    form.get_by_text("Tables (CSV) of another program").click()
    form.get_by_label("File of the left thigh").set_input_files(table)
    expect(form.get_by_text("left.csv is handed in.")).to_be_visible(timeout=WORK_MS)
    form.get_by_label("Unit of ax, ay, az").select_option("m/s2")
    form.get_by_role("button", name="Import the tables").click()
    expect(form.get_by_role("button", name="Close this")).to_be_visible(timeout=WORK_MS)
    expect(form.locator(".bad")).to_be_visible()
    form.get_by_role("button", name="Close this").click()
    form.get_by_label("Unit of ax, ay, az").select_option("g")
    form.get_by_role("button", name="Import the tables").click()
    expect(form.get_by_text("Kept as a session")).to_be_visible(timeout=WORK_MS)


def test_sensors_are_found_placed_and_taken_out(served: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(served, "/en/sensors", width=360)
    page = watched.page
    page.get_by_role("button", name="Find sensors").click()
    expect(page.get_by_text("3 sensors are heard.")).to_be_visible(timeout=WORK_MS)
    assert watched.serious_findings() == []
    assert watched.too_wide() == []
    assert watched.scrolls_sideways() == []
    places = page.get_by_role("region", name="Find and place").get_by_role("combobox")
    places.nth(0).select_option("left_thigh")
    places.nth(1).select_option("left_thigh")
    page.get_by_role("button", name="Keep where they are worn").click()
    expect(page.get_by_text("Another sensor is worn there already.")).to_be_visible()
    places.nth(1).select_option("right_thigh")
    page.get_by_role("button", name="Keep where they are worn").click()
    worn = page.get_by_role("region", name="Which sensor is worn where")
    expect(worn.get_by_text("virtual-imu")).to_have_count(2, timeout=WORK_MS)
    page.get_by_role("button", name="Right thigh: take it out").click()
    expect(worn.get_by_text("virtual-imu")).to_have_count(1)


def test_while_a_session_runs_the_radio_belongs_to_it(served: ServedApp, open_page: OpenPage) -> None:
    sensors = open_page(served, "/en/sensors")
    find = sensors.page.get_by_role("button", name="Find sensors")
    expect(find).to_be_enabled()
    begun = sensors.page.request.post(f"{served.address}/api/live/start", data={"rest_test": True})
    assert begun.ok, begun.text()
    expect(sensors.page.get_by_text("A session runs, and the sensors belong to it")).to_be_visible(
        timeout=WORK_MS
    )
    expect(find).to_be_disabled()


def test_who_is_shown_is_chosen_for_this_browser_alone(looked_at: ServedApp, open_page: OpenPage) -> None:
    first, second = open_page(looked_at, "/en/persons"), open_page(looked_at, "/en/persons")
    first.page.get_by_role("button", name=f"Show {OTHER_PERSON}").click()
    expect(first.page.get_by_role("link", name=f"Person: {OTHER_PERSON}")).to_be_visible()
    first.page.get_by_role("link", name=f"Trend of {OTHER_PERSON}").click()
    expect(first.page.get_by_role("link", name=f"Person: {OTHER_PERSON}")).to_be_visible()
    second.go("/en/persons")
    expect(second.page.get_by_role("link", name=f"Person: {OTHER_PERSON}")).to_have_count(0)
