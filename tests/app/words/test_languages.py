import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.words import LANGUAGES, language_for


@pytest.mark.parametrize(
    ("chosen", "accept_language", "code"),
    [
        ("ko", "ar", "ko"),
        (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, "de-DE,de;q=0.9,ar-EG;q=0.8,en;q=0.7", "ar"),
        (None, "en;q=0.3, ar;q=0.9", "ar"),
        (None, "ko;q=0,ar;q=0.1", "ar"),
        (None, "AR", "ar"),
        (None, "*", "en"),
        (None, "", "en"),
        ("xx", "ko", "ko"),
        ("", "", "en"),
    ],
)
def test_a_chosen_language_goes_before_what_the_browser_prefers(
    chosen: str | None, accept_language: str, code: str
) -> None:
    assert language_for(chosen, accept_language).code == code


@given(st.text(), st.text())
def test_no_header_and_no_cookie_brings_it_down(chosen: str, accept_language: str) -> None:
    assert language_for(chosen, accept_language) in LANGUAGES
