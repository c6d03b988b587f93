"""The fixtures of the tests of the page and of the API."""

from api_fixtures import client, home
from browser_fixtures import browser, history, looked_at, open_page, serve, served
from home_fixtures import database, person, place, week_home

__all__ = [
    "browser",
    "client",
    "database",
    "history",
    "home",
    "looked_at",
    "open_page",
    "person",
    "place",
    "serve",
    "served",
    "week_home",
]
