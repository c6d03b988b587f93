"""Looking through sessions as a person does: list, picture, replay, keyboard, corrections, dropped files."""

import re
from pathlib import Path

import pytest
from app_process import ServedApp
from browser_fixtures import SHORT_GUIDE, OpenPage, Serve
from history_home import copied_home
from playwright.sync_api import Locator, Page, Request, expect
from watched_page import WatchedPage

pytestmark = pytest.mark.browser

RECORDINGS = Path(__file__).parents[2] / "recordings"
SIMULATED = RECORDINGS / "simulated_session.mcap"
REAL = RECORDINGS / "spar_band_internal_rotation" / "s01_left.mcap"

MEASURED_WITHIN_MS = 60_000.0
"""On a machine that does much else, a process that stands back takes long to begin."""

UPLOAD_LIMIT = "\n[app]\nupload_mb = 0.3\n"

_INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Set()
    for (let place = 0; place < data.length; place += 4)
        if (data[place + 3] > 200) seen.add(`${data[place]},${data[place + 1]},${data[place + 2]}`)
    return seen.size
}"""
"""How many colours a canvas shows."""

NOTE_WRITTEN = """
window.written = [];
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
  written.push(text);
  return fillText.call(this, text, ...at);
};
"""

_DROP = """(zone, [name, bytes]) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(bytes)], name))
    zone.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}))
}"""


@pytest.fixture
def own(week_home: Path, tmp_path: Path, serve: Serve) -> ServedApp:
    """An app with a week of sessions that may be changed."""
    return serve(copied_home(week_home, tmp_path / "home", SHORT_GUIDE + UPLOAD_LIMIT))


def opened(page: Page) -> Locator:
    """The picture, once all of the recording is in it."""
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled(timeout=MEASURED_WITHIN_MS)
    return page.locator(".review-picture")


def seconds(page: Page) -> float:
    """Where the time line stands."""
    return float(page.get_by_label("Time in the session").input_value())


def counts(page: Page) -> list[int]:
    """Valid repetitions of the left and of the right leg as they stand at the instant."""
    return [int(one) for one in page.locator(".review-leg .review-count:nth-child(3) b").all_inner_texts()]


def without_refusals(page: WatchedPage) -> None:
    """A browser logs every answer that refuses something; these were asked for."""
    page.faults[:] = [fault for fault in page.faults if "status of 422" not in fault]


def test_from_the_list_to_the_picture(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/review").page
    page.locator(".sessions a").first.click()
    picture = opened(page)
    expect(page.locator(".review-leg")).to_have_count(2)
    assert picture.locator("canvas").first.evaluate(_INK) > 5
    expect(page.get_by_role("region", name="Rest tests").first).to_contain_text("° ± ")


def test_replayed_to_the_end_it_counts_what_the_set_has(looked_at: ServedApp, open_page: OpenPage) -> None:
    """The counts grow as they did then, and nothing is asked of the server for them."""
    page = open_page(looked_at, "/en/review/2").page
    opened(page)
    asked: list[str] = []

    def see(request: Request) -> None:
        asked.append(request.url)

    assert counts(page) == [0, 0]
    page.get_by_label("Speed").select_option("16")
    page.on("request", see)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function(
        "document.querySelector('.review-time').value >= document.querySelector('.review-time').max - 0.1"
    )
    told = page.locator(".review-set .strong").all_inner_texts()
    assert counts(page) == [int(text.split(": ")[1].split(" ")[0]) for text in told]
    assert sum(counts(page)) > 4
    assert all("/courses?" in address for address in asked)
    assert len(asked) <= 4


def test_the_keyboard_is_enough(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/review/2").page
    opened(page).focus()
    page.keyboard.press("ArrowRight")
    assert seconds(page) == 1.0
    page.keyboard.press("Shift+ArrowRight")
    assert seconds(page) == 11.0
    page.keyboard.press("ArrowLeft")
    assert seconds(page) == 10.0
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    whole = page.get_by_role("button", name="Whole session")
    expect(whole).to_be_disabled()
    page.keyboard.press("+")
    expect(whole).to_be_enabled()
    page.keyboard.press("0")
    expect(whole).to_be_disabled()
    page.keyboard.press("End")
    assert sum(counts(page)) > 4
    page.keyboard.press("Home")
    assert counts(page) == [0, 0]


def test_a_repetition_of_the_table_is_shown_in_the_picture(looked_at: ServedApp, open_page: OpenPage) -> None:
    page = open_page(looked_at, "/en/review/2").page
    opened(page)
    page.locator("summary", has_text="Left leg:").last.click()
    table = page.get_by_role("region", name="Repetitions of the Left leg")
    expect(table.locator("tbody tr")).not_to_have_count(0)
    third = table.locator("tbody tr").nth(2)
    third.get_by_role("button").click()
    began = float(third.get_by_role("button").inner_text().split(":")[1])
    assert began < seconds(page) < began + 3.0


def test_a_session_that_is_gone_is_told_in_words_of_the_page(own: ServedApp, open_page: OpenPage) -> None:
    """Another person was chosen meanwhile, on another page: the picture asks the API, which says so."""
    watched = open_page(own, "/en/review/2")
    page = watched.page
    opened(page)
    page.context.add_cookies([{"name": "tracker_person", "value": "2", "url": own.address}])
    page.locator("summary", has_text="Left leg:").last.click()
    table = page.get_by_role("region", name="Repetitions of the Left leg")
    table.locator("tbody tr").nth(2).get_by_role("button").click()
    told = page.get_by_role("alert").filter(has_text="there is no session 2")
    expect(told).to_have_count(1, timeout=MEASURED_WITHIN_MS)
    expect(told).not_to_contain_text("/api/")
    expect(told).not_to_contain_text("tracker")
    watched.faults[:] = [fault for fault in watched.faults if "status of 404" not in fault]


@pytest.mark.parametrize("language", ["en", "ko", "ar"])
def test_on_a_phone_a_repetition_is_seen_whole(
    language: str, looked_at: ServedApp, open_page: OpenPage
) -> None:
    watched = open_page(looked_at, f"/{language}/review/2", width=360)
    page = watched.page
    expect(page.locator(".review-play")).to_be_enabled(timeout=MEASURED_WITHIN_MS)
    for summary in page.locator(".review-set summary").all():
        if summary.evaluate("one => !one.parentElement.open"):
            summary.click()
    expect(page.locator(".review-set table").first).to_be_visible()
    expect(page.locator(".review-set .at").last).to_be_visible()
    assert watched.scrolls_sideways() == []
    assert watched.too_wide() == []
    assert watched.serious_findings() == []


def test_on_a_tablet_only_what_does_not_fit_stands_row_by_row(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    watched = open_page(looked_at, "/en/review/1", width=1280)

    def stands_as(name: str) -> str:
        table = watched.page.get_by_role("region", name=name).get_by_role("table").last
        shown: str = table.evaluate("table => getComputedStyle(table).display")
        return shown

    watched.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    for width, quality in ((1280, "table"), (768, "block"), (1280, "table")):
        watched.resize(width)
        assert (stands_as("Data quality"), stands_as("Rest tests")) == (quality, "table")
        assert watched.scrolls_sideways() == []
        assert watched.too_wide() == []


def test_a_repetition_says_what_it_was_when_it_is_pointed_at(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    page = open_page(looked_at, "/en/review/2").page
    picture = opened(page)
    page.get_by_role("button", name="Next repetition").click()
    box = picture.bounding_box()
    assert box is not None
    share = seconds(page) / float(page.get_by_label("Time in the session").get_attribute("max") or 0)
    # the lanes of both legs stand above the axis
    for above in (54, 34):
        picture.hover(position={"x": 50 + share * (box["width"] - 64), "y": box["height"] - above})
        expect(page.locator(".review-tip")).to_contain_text("Repetition 1")
        expect(page.locator(".review-tip")).to_contain_text("Range")


def test_every_phase_has_its_name_in_the_picture_and_where_it_is_pointed_at(
    looked_at: ServedApp, open_page: OpenPage
) -> None:
    """The reference pose is as wide as its name here: that reaches out of it, up to the rest test."""
    watched = open_page(looked_at, "/en/review")
    watched.page.add_init_script(NOTE_WRITTEN)
    watched.go("/en/review/1")
    page = watched.page
    picture = opened(page)
    assert {"Standing", "Reference pose", "Rest test", "Set 1"} <= set(page.evaluate("written"))
    box = picture.bounding_box()
    assert box is not None
    share = 5.0 / float(page.get_by_label("Time in the session").get_attribute("max") or 0)
    picture.hover(position={"x": 50 + share * (box["width"] - 64), "y": 60})
    expect(page.locator(".review-tip")).to_contain_text("Reference pose")


def test_a_wrong_count_is_corrected_with_its_reason_and_undone(own: ServedApp, open_page: OpenPage) -> None:
    page = open_page(own, "/en/review/2").page
    opened(page)
    page.get_by_role("button", name="Left leg: counted wrongly?").click()
    form = page.locator("form.card")
    form.get_by_label("Valid repetitions").fill("3")
    form.get_by_role("button", name="Keep the correction").click()
    expect(form.get_by_text("Say in one line why")).to_be_visible()
    form.get_by_label("Why").fill("counted aloud")
    form.get_by_role("button", name="Keep the correction").click()
    expect(page.get_by_text("Corrected. The sensors counted")).to_be_visible()
    expect(page.locator(".review-set p.leg-left").first).to_contain_text("3 valid repetitions")
    expect(page.get_by_role("region", name="Corrections").last).to_contain_text("counted aloud")
    page.get_by_text("Undo the last correction").first.click()
    page.locator("#undo-reason").fill("it was right")
    page.get_by_role("button", name="Undo the last correction").click()
    expect(page.get_by_text("Corrected. The sensors counted")).to_have_count(0)


def test_a_session_is_deleted_and_restored(own: ServedApp, open_page: OpenPage) -> None:
    page = open_page(own, "/en/review/2").page
    page.get_by_text("Delete this session").first.click()
    page.locator("#delete-reason").fill("on the table")
    page.get_by_role("button", name="Delete this session").click()
    expect(page.get_by_text("it does not count. It can be restored below.")).to_be_visible()
    page.get_by_role("link", name="All sessions").click()
    page.get_by_role("link", name="Deleted sessions").click()
    page.locator(".sessions a").click()
    page.get_by_text("Restore this session").first.click()
    page.locator("#restore-reason").fill("it counts")
    page.get_by_role("button", name="Restore this session").click()
    expect(page.get_by_text("It counts again.")).to_be_visible()


def test_how_it_felt_is_said_anew(own: ServedApp, open_page: OpenPage) -> None:
    page = open_page(own, "/en/review/2").page
    felt = page.get_by_role("region", name="How it felt")
    felt.get_by_text("Say it anew").click()
    felt.get_by_label("Pain the next morning").select_option("2")
    felt.get_by_label("Notes").fill("the left one pulled")
    felt.get_by_role("button", name="Keep").click()
    expect(felt).to_contain_text("pain the next morning: 2 of 10")
    expect(felt).to_contain_text("the left one pulled")


def test_a_dropped_recording_is_shown_and_kept_if_asked(own: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(own, "/en/review")
    page = watched.page
    page.locator(".drop").evaluate(_DROP, ["from elsewhere.mcap", list(SIMULATED.read_bytes())])
    expect(page.get_by_role("heading", name="from elsewhere.mcap")).to_be_visible()
    picture = opened(page)
    assert picture.locator("canvas").first.evaluate(_INK) > 5
    expect(page.get_by_text("This recording is not kept")).to_be_visible()
    assert watched.serious_findings() == []
    page.get_by_role("button", name="Keep as a session").click()
    page.wait_for_url(re.compile(r"/en/review/\d+$"))
    opened(page)
    expect(page.get_by_role("region", name="Corrections").last).to_be_visible()


def test_a_real_recording_is_chosen_with_the_keyboard(own: ServedApp, open_page: OpenPage) -> None:
    """Its sensor sat on no thigh that lay: what cannot be seen is said, the rest is shown."""
    page = open_page(own, "/en/review").page
    page.get_by_label("choose a file").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(REAL)
    expect(page.get_by_role("heading", name="s01_left.mcap")).to_be_visible()
    opened(page)
    expect(page.get_by_text("Hip rotation cannot be seen anywhere")).to_be_visible()
    expect(page.get_by_text("Left leg: 20 valid repetitions").first).to_be_visible()
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/en/review")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("holiday.mcap", b"\xff\xd8\xff\xe0" * 500, "holiday.mcap"),
        ("empty.mcap", b"", "empty.mcap is empty"),
        ("huge.mcap", bytes(400_000), "larger than"),
    ],
    ids=["wrong", "empty", "huge"],
)
def test_what_is_no_recording_is_refused_in_words(
    name: str, content: bytes, told: str, own: ServedApp, open_page: OpenPage
) -> None:
    watched = open_page(own, "/en/review")
    watched.page.locator(".drop").evaluate(_DROP, [name, list(content)])
    expect(watched.page.get_by_role("alert").filter(has_text=told)).to_have_count(
        1, timeout=MEASURED_WITHIN_MS
    )
    without_refusals(watched)


def test_an_address_without_session_says_so(looked_at: ServedApp, open_page: OpenPage) -> None:
    for path in ("/en/review/999", "/en/review/abc", "/en/review?file=gone", "/en/review?before=never"):
        page = open_page(looked_at, path).page
        expect(page.get_by_role("alert")).to_have_count(1)


def test_on_a_phone_in_arabic_time_runs_from_left_to_right(looked_at: ServedApp, open_page: OpenPage) -> None:
    watched = open_page(looked_at, "/ar/review/2", width=360)
    page = watched.page
    expect(page.locator(".review-play")).to_be_enabled(timeout=MEASURED_WITHIN_MS)
    slider = page.locator(".review-time")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) > 0.0
    assert watched.too_wide() == []
