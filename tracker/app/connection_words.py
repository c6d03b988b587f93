"""What a page says while it has lost the program: NiceGUI has its own words for that in few languages."""

from nicegui.translations import translations

from tracker.app.words import LANGUAGES, words_for


def say_connection_words() -> None:
    """Give NiceGUI the texts that it shows by itself, in all languages of the page."""
    for language in LANGUAGES:
        words = words_for(language.code)
        translations[language.quasar] = {  # type: ignore[index]
            "connection_lost": words("The page has lost the program."),
            "trying_to_reconnect": words("It is looked for. A session that runs goes on and is recorded."),
            "message_too_long": words("That was too much at once."),
            "message_too_long_body": words("Send less at once."),
        }
