"""How sensors did in the last session, and that a running one has them."""

from tracker.app.html import tag
from tracker.app.live.names import placement_name
from tracker.app.live.sensor_words import sensor_line, signal_text
from tracker.app.operations.sensors import SensorsThen, SensorThen
from tracker.app.site import View
from tracker.app.words import Words

_MILLI = 1000.0


def show_running(view: View) -> None:
    """While a session runs the radio belongs to it; nothing else."""
    engine, words = view.site.engine, view.words
    if not engine.is_busy:
        return
    with tag("section", classes="card notice", aria_labelledby="busy"):
        tag("h2", words("A session runs, and the sensors belong to it"), id="busy")
        for one in engine.now.sensors:
            line = sensor_line(words, one, running=True)
            texts = [line.state_text, line.battery, line.signal, line.loss]
            tag("p", f"{line.name}: " + " · ".join(text for text in texts if text))
        tag("p", words("Nothing can be searched for, connected or calibrated until it is over."))
        tag("a", words("To the session"), href=view.link("/session"), classes="button")


def show_last(view: View, last: SensorsThen | None) -> None:
    """Battery, signal, loss and clock of each sensor of the last recorded session."""
    words = view.words
    tag("h2", words("How they did last time"), id="health")
    if last is None:
        tag("p", words("No session of {name} was recorded yet.", name=view.person.name))
        return
    with tag("p"):
        tag(
            "a",
            words("Session of {moment}", moment=words.moment(last.started_at)),
            href=view.link(f"/review/{last.session_id}"),
        )
    if last.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="strong")
    for one in last.sensors:
        place = placement_name(words, one.quality.placement)
        tag("h3", words("{place}: {sensor}", place=place, sensor=one.name) if one.name else place)
        with tag("dl", classes="fact-grid small"):
            for title, text in _facts(words, one):
                with tag("div"):
                    tag("dt", title)
                    tag("dd", text)
    tag(
        "p",
        words(
            "Clock: by how much the sensor's clock runs faster than this computer's, with its 95 % interval. "
            "Sample times are corrected for it."
        ),
        classes="soft",
    )


def _facts(words: Words, one: SensorThen) -> list[tuple[str, str]]:
    quality, unknown = one.quality, words("not told")
    percent, signal_dbm = one.battery_percent, one.rssi_dbm
    return [
        (words("Battery at its end"), unknown if percent is None else words.percent(percent / 100)),
        (words("Signal"), unknown if signal_dbm is None else signal_text(words, signal_dbm)),
        (
            words("Samples"),
            words("{count} at {rate} a second", count=quality.samples, rate=words.number(quality.rate_hz, 1)),
        ),
        (
            words("Lost"),
            words.plural(
                "{share} in {count} gap",
                "{share} in {count} gaps",
                len(quality.gaps),
                share=words.percent(one.loss, 2),
            ),
        ),
        (words("Fetched later from its memory"), words.number(quality.backfilled, 0)),
        (words("Clock"), _clock_text(words, one)),
        (words("Frames arrive at most so late (95 %)"), _delay_text(words, one)),
    ]


def _clock_text(words: Words, one: SensorThen) -> str:
    drift, error = one.quality.drift_ppm, one.quality.drift_uncertainty_ppm
    if drift is None:
        return words("not told")
    value = words.number(drift, 1, signed=True)
    if error is None:
        return words("{drift} parts a million", drift=value)
    return words("{drift} ± {error} parts a million", drift=value, error=words.number(error, 1))


def _delay_text(words: Words, one: SensorThen) -> str:
    residual_s = one.quality.clock_residual_s
    if residual_s is None:
        return words("not told")
    return words("{delay} ms", delay=words.number(_MILLI * residual_s, 0))
