"""The texts of the page in each language, and how numbers and times are written there."""

from tracker.app.words.languages import LANGUAGES, Language, language_for
from tracker.app.words.words import Words, words_for

__all__ = ["LANGUAGES", "Language", "Words", "language_for", "words_for"]
