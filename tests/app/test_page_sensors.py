"""The sensors' page as a person uses it: which of the sensors in the hand is which."""

from pathlib import Path

import pytest
from app_process import ServedApp
from browser_fixtures import OpenPage, Serve
from playwright.sync_api import Locator, Page, expect
from test_every_page import PHONE

from tracker.app.words import LANGUAGES
from tracker.home import Home
from tracker.model import Placement, SensorIdentity
from tracker.session.workplace import workplace
from tracker.store.sensors import pair_sensor

pytestmark = pytest.mark.browser

SHORT_SEARCH = "[link]\nscan_s = 2.0\n"
AWAY = SensorIdentity("HIP-0000", "02:00:00:00:00:00", "HIP-0000", "hip-imu", b"")


@pytest.fixture
def paired(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app in which a sensor is worn at the pelvis that is not there."""
    (tmp_path / "settings.toml").write_text(SHORT_SEARCH, encoding="utf-8")
    home = Home(tmp_path)
    home.create()
    with workplace(home, simulated=True).database() as database, database.write() as connection:
        pair_sensor(connection, AWAY, Placement.PELVIS)
    return serve(tmp_path)


def told(page: Page) -> Locator:
    """What came of the work with a sensor."""
    return page.locator("[data-job=radio]").get_by_role("status")


def test_a_sensor_blinks_when_it_is_asked_to(paired: ServedApp, open_page: OpenPage) -> None:
    window = open_page(paired, "/en/sensors")
    page = window.page
    page.get_by_role("button", name="Find sensors").click()
    expect(page.get_by_text("3 sensors are heard.")).to_be_visible()
    buttons = page.get_by_role("button", name="Let HIP-")
    expect(buttons).to_have_count(3)
    for text in buttons.all_inner_texts()[1:]:
        page.get_by_role("button", name=text, exact=True).click()
        name = text.removeprefix("Let ").removesuffix(" blink")
        expect(told(page)).to_contain_text(f"{name} blinks now, for half a minute.")
    assert window.serious_findings() == []
    # the one that was shown is worn on the left from now on, and has a button there
    page.get_by_role("combobox", name=name).select_option("left_thigh")
    page.get_by_role("button", name="Keep where they are worn").click()
    page.get_by_role("button", name="Left thigh: let it blink").click()
    expect(told(page)).to_contain_text(f"{name} blinks now, for half a minute.")


def test_what_is_paired_fits_and_axe_finds_nothing_serious(paired: ServedApp, open_page: OpenPage) -> None:
    window = open_page(paired, "/en/sensors", width=PHONE)
    for language in [one.code for one in LANGUAGES]:
        window.go(f"/{language}/sensors")
        expect(window.page.locator(".worn-place button")).to_have_count(3)
        assert window.too_wide() == []
        assert window.serious_findings() == []


def test_of_a_sensor_that_is_not_there_it_is_told(paired: ServedApp, open_page: OpenPage) -> None:
    page = open_page(paired, "/en/sensors").page
    page.get_by_role("button", name="Pelvis: let it blink").click()
    expect(told(page)).to_contain_text(AWAY.name)
    expect(told(page)).not_to_contain_text("blinks now")
