"""An address without a page, as a browser is answered."""

import html
import json

import httpx
import pytest
from app_process import ServedApp

from tracker.app.words import LANGUAGES, words_for

pytestmark = pytest.mark.browser


def _shown(text: str, answer: httpx.Response) -> bool:
    """Whether a text is among what the page is built from."""
    page = html.unescape(answer.text)
    return text in page or json.dumps(text, ensure_ascii=True)[1:-1] in page


@pytest.mark.parametrize("language", [one.code for one in LANGUAGES])
def test_it_says_in_its_language_that_there_is_none(language: str, looked_at: ServedApp) -> None:
    words = words_for(language)
    answer = httpx.get(f"{looked_at.address}/{language}/no-such-page", trust_env=False)
    assert answer.status_code == 404
    assert _shown(words("No page"), answer)
    assert _shown(words.told("there is no page at this address"), answer)
    assert _shown(words("Today"), answer)


def test_without_a_language_it_is_the_browsers(looked_at: ServedApp) -> None:
    answer = httpx.get(
        f"{looked_at.address}/no-such-page", headers={"accept-language": "ko"}, trust_env=False
    )
    assert answer.status_code == 404
    assert _shown(words_for("ko")("No page"), answer)


def test_programs_are_told_in_json(looked_at: ServedApp) -> None:
    answer = httpx.get(f"{looked_at.address}/api/no-such-thing", trust_env=False)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/json")
