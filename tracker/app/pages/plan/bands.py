"""The bands of a person: a table, one to put away, one to add."""

import asyncio
from typing import TYPE_CHECKING

from tracker.app.forms import FieldError, Form, Sent, number_or_none
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.bands import (
    KNOWN_BRAND,
    KNOWN_COLOURS,
    NOTES,
    add_own_band,
    bands_document,
    bands_shown,
    put_band_away,
)
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError, UsageError
from tracker.model import Band
from tracker.plan.band_force import BandStrength

if TYPE_CHECKING:
    from tracker.report.objects.said import BandObject

_CM = 0.01
_OWN_FIELDS = {"brand": "brand", "colour": "colour", "rest_length": "length"}


class Bands:
    """The section of bands, built anew after each change."""

    def __init__(self, view: View) -> None:
        self._view = view
        with tag("section", aria_labelledby="plan-bands", classes="part"):
            tag("h2", view.words("Bands"), id="plan-bands")
            self._status = tag("p", role="status")
            self._place = tag("div")

    async def load(self) -> None:
        """Read the bands and show them."""
        view = self._view
        bands = await asyncio.to_thread(bands_shown, view.site.database, view.person)
        self._place.clear()
        with self._place:
            self._show(bands)

    def _show(self, bands: tuple[Band, ...]) -> None:
        words = self._view.words
        numbers = {one["band_id"]: one for one in bands_document(bands)["bands"]}
        if not bands:
            tag("p", words("No bands yet. With them the load of a set can be estimated."))
        for band in bands:
            if not band.retired:
                self._band(band, numbers[band.band_id])
        away = [one for one in bands if one.retired]
        if away:
            names = words.listed([_name(words, one) for one in away])
            tag("p", words("Put away: {bands}", bands=names), classes="soft")
        if bands:
            for note in NOTES:
                tag("p", words.told(note), classes="soft")
        with tag("details"):
            tag("summary", words("Add a band"))
            self._form()

    def _band(self, band: Band, numbers: "BandObject") -> None:
        words = self._view.words
        facts = [words("loop") if band.is_loop else words("strip")]
        if band.rest_length_m is not None:
            facts.append(words("{length} cm at rest", length=band.rest_length_m / _CM))
        at_100, at_200 = numbers["estimated_force_100_n"], numbers["estimated_force_200_n"]
        for percent, force in ((100, at_100), (200, at_200)):
            if force is not None:
                share = words.percent(percent / 100.0)
                facts.append(words("about {force} N at {share}", force=round(force), share=share))
        with tag("div", classes="card row"):
            tag("span", _name(words, band), classes="strong")
            tag("span", words.listed(facts), classes="soft")
            button(
                words("Put away"),
                lambda _event: self._put_away(band),
                aria_label=words("Put away: {band}", band=_name(words, band)),
            )

    async def _put_away(self, band: Band) -> None:
        view = self._view
        try:
            await asyncio.to_thread(put_band_away, view.site.database, view.person, band.band_id or 0)
        except TrackerError as error:
            with self._place:
                show_error(view.words, error)
            return
        self._status.text = view.words("Put away: {band}", band=_name(view.words, band))
        await self.load()

    def _form(self) -> None:
        words = self._view.words
        with Form(words, self._add, action=words("Add the band"), name="band") as form:
            form.field("brand", words("Maker"), KNOWN_BRAND, maxlength=32)
            # As they are typed, in English: by these words the maker's forces are found.
            colours = words.listed([words.told(colour) for colour in KNOWN_COLOURS])
            hint = words(
                "Forces are known of these by {brand}: {colours}", brand=KNOWN_BRAND, colours=colours
            )
            form.field("colour", words("Colour"), "", maxlength=32, hint=hint)
            kinds = [
                ("", "–"),
                ("loop", words("loop: both strands pull")),
                ("strip", words("strip: one strand")),
            ]
            form.choice("kind", words("Kind"), kinds, "")
            form.field("length", words("Length at rest, in cm"), "", inputmode="decimal")
            for percent in (100, 200):
                label = words(
                    "Pull of one strand stretched by {share}, in newtons", share=words.percent(percent / 100)
                )
                form.field(f"force_{percent}", label, "", inputmode="decimal")

    async def _add(self, sent: Sent) -> None:
        view, words = self._view, self._view.words
        if sent.get("kind") not in ("loop", "strip"):
            raise FieldError("kind", words("Choose one: a loop pulls double."))
        length = number_or_none(words, sent, "length")
        told = BandStrength(
            number_or_none(words, sent, "force_100"), number_or_none(words, sent, "force_200")
        )
        try:
            await asyncio.to_thread(
                add_own_band,
                view.site.database,
                view.person,
                sent.get("brand", ""),
                sent.get("colour", ""),
                None if length is None else length * _CM,
                told,
                is_loop=sent["kind"] == "loop",
            )
        except UsageError as error:
            field = _OWN_FIELDS.get(str(error.data.get("field")))
            if field is None:
                raise
            raise FieldError(field, f"{words.told(error.message)}. {words.told(error.advice)}") from error
        self._status.text = words("The band is added.")
        await self.load()


def _name(words: Words, band: Band) -> str:
    return words("{colour}, {brand}", colour=words.told(band.colour), brand=band.brand)
