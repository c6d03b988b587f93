"""The page that asks for the passphrase: plain HTML, since nothing of the site is shown before."""

from html import escape

from tracker.app.words import LANGUAGES, Words

_ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"


def login_page(words: Words, refused: str = "") -> str:
    """The whole page.

    Args:
        refused: why the last try failed, in the language of the page.
    """
    title = escape(words("Log in"))
    alert = f'<p class="error card" role="alert">{escape(refused)}</p>' if refused else ""
    return f"""<!doctype html>
<html lang="{words.code}" dir="{words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {escape(words("Hip rotation tracker"))}</title>
<link rel="icon" href="{_ICON}">
<link rel="stylesheet" href="/assets/page.css">
</head>
<body>
<header class="top"><nav aria-label="{escape(words("Language"))}"><ul>{_languages(words)}</ul></nav></header>
<main id="content">
<h1>{title}</h1>
<p>{escape(words("This page shows health data: it opens with its passphrase alone."))}</p>
{alert}
<form method="post" action="/login?language={words.code}" class="column card">
<input type="text" name="username" autocomplete="username" value="tracker" hidden>
<label for="passphrase">{escape(words("Passphrase"))}</label>
<input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required autofocus
 maxlength="1024" dir="auto">
<button type="submit" class="main-action">{title}</button>
</form>
</main>
</body>
</html>
"""


def _languages(words: Words) -> str:
    links = []
    for language in LANGUAGES:
        current = ' aria-current="page"' if language.code == words.code else ""
        links.append(
            f'<li><a href="/login?language={language.code}" lang="{language.code}"{current}>'
            f"{escape(language.own_name)}</a></li>"
        )
    return "".join(links)
