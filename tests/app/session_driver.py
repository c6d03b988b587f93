"""What a person does on the page Session, and what can be read there, as functions of a page."""

from playwright.sync_api import Locator, Page, expect

from tracker.model import Side

SESSION_LIMIT_MS = 150_000
"""The longest step of a short session takes a tenth of it; a machine that does much else needs more."""

EXERCISE = "supine_roll_in"

_NOTES_STEPS = """() => {
  window.stepsShown = [];
  const note = () => {
    const live = document.querySelector(".live");
    if (!live?.checkVisibility()) return;
    const step = `${live.dataset.phase}: ${live.querySelector(".live-step h2")?.textContent}`;
    if (step !== stepsShown.at(-1)) stepsShown.push(step);
  };
  note();
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(note).observe(document.body, all);
}"""


def choose_exercise(page: Page, *, repetitions: int, sets: int = 1, rest_test: bool = False) -> None:
    """Fill in the form for one exercise."""
    page.get_by_label("One exercise").check()
    page.get_by_role("combobox", name="Exercise", exact=True).select_option(EXERCISE)
    for label, value in (("Sets", sets), ("Repetitions of each set", repetitions)):
        field = page.get_by_role("spinbutton", name=label)
        field.fill(str(value))
        field.press("Tab")
    page.get_by_label("Begin with the rest test").set_checked(rest_test)


def choose_rest_test(page: Page) -> None:
    """Fill in the form for the rest test alone."""
    page.get_by_label("Only the rest test").check()


def start(page: Page) -> None:
    """Begin, and wait until the sensors send."""
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".live-sensors [data-state=streaming]")).to_have_count(3, timeout=SESSION_LIMIT_MS)


def wait_for_phase(page: Page, title: str, phase: str = "on") -> None:
    """Wait until a step is on, or announced."""
    step = page.locator(f".live[data-phase={phase}]").filter(has=page.get_by_role("heading", name=title))
    expect(step).to_be_visible(timeout=SESSION_LIMIT_MS)


def note_steps(page: Page) -> None:
    """Let the page note each step that it shows from now on, also one that is soon over."""
    page.evaluate(_NOTES_STEPS)


def wait_for_noted(page: Page, title: str) -> None:
    """Wait until a step is or was on, since `note_steps`."""
    page.wait_for_function("step => stepsShown.includes(step)", arg=f"on: {title}", timeout=SESSION_LIMIT_MS)


def count_of(page: Page, side: Side) -> Locator:
    """Where the count of a leg stands."""
    return page.locator(f".leg[data-side={side.value}] .leg-count")


def wait_for_count(page: Page, count: int, side: Side = Side.RIGHT) -> None:
    """Wait until so many repetitions of a leg are counted, or more."""
    reached = "([place, count]) => Number(document.querySelector(place)?.textContent) >= count"
    place = f".leg[data-side={side.value}] .leg-count"
    page.wait_for_function(reached, arg=[place, count], timeout=SESSION_LIMIT_MS)


def say_felt(page: Page, set_number: int, *, pain: int, effort: int) -> None:
    """Press pain and effort of the set that was done."""
    asked = page.locator(".live-felt").filter(has_text=f"How did set {set_number} feel?")
    for name, value in (("Pain at worst", pain), ("Effort", effort)):
        group = asked.get_by_role("group", name=name)
        group.get_by_role("button", name=str(value), exact=True).click()


def finish(page: Page) -> None:
    """Save after the last step."""
    wait_for_done(page)
    page.get_by_role("button", name="Finish and save").click()
    wait_until_saved(page)


def wait_for_done(page: Page) -> None:
    """Wait until all steps are done."""
    expect(page.get_by_role("heading", name="All steps are done")).to_be_visible(timeout=SESSION_LIMIT_MS)


def stop(page: Page) -> None:
    """Stop and save at once."""
    page.get_by_role("button", name="Stop and save").click()
    wait_until_saved(page)


def wait_until_saved(page: Page) -> None:
    """Wait until the result is shown."""
    expect(page.get_by_text("The session is saved.")).to_be_visible(timeout=SESSION_LIMIT_MS)
