"""What a browser keeps of what was chosen; both are read by the page, too."""

LANGUAGE_COOKIE = "tracker_language"
PERSON_COOKIE = "tracker_person"
