"""What the page reaches in code and never shows, and single words that it does show."""

MODULES_ELSEWHERE = (
    "tracker.app.access.listening",
    "tracker.app.api",
    "tracker.app.words",
    "tracker.report.exchange.bids",
    "tracker.report.exchange.everything.description",
    "tracker.report.exchange.everything.meaning",
    "tracker.report.exchange.fhir",
    "tracker.report.exchange.opensim",
    "tracker.report.felt_tables",
    "tracker.report.habit_table",
    "tracker.report.plan_tables",
    "tracker.report.week_document",
    "tracker.report.week_html",
    "tracker.report.week_shortened",
    "tracker.report.week_pdf",
    "tracker.report.week_pdf_tables",
    "tracker.recording.format",
    "tracker.sensing.body",
    "tracker.sensing.virtual",
    "tracker.store.migrations",
)
"""They answer or write files for other programs, speak on the terminal before there is a page, or are
simulated sensors."""

TEXTS_ELSEWHERE = frozenset(
    {
        "Arguments",
        "Movella DOT",
        "Peer removed pairing information",
        "Polar Verity Sense",
        "Result",
        "sensors of a page",
        "strong leg-{side}",
        "TheraBand's own table of forces at 100 and 200 % elongation",
        "colour = {colour}",
        "elongation_percent = {elongation_percent}",
        "hip-rotation-tracker everything",
        "hip-rotation-tracker {version}",
        "loads = {claimed}",
        "placement = {placement}",
        "{first} to {day} {sunday}",
        "{own}-state {own_2}-hint",
        "{person} · {monday} · time zone {time_zone} · made {day} {made_at}",
    }
)
"""Names of products, and what only tests and programmers see."""

VALUES = (
    "left thigh", "right thigh", "sessions", "session", "week", "weeks", "from", "days", "day",
    "sets", "share", "range", "preload", "stretch", "exercises", "before", "worst", "effort",
    "habit", "habits", "minutes", "partial", "valid", "mean", "difference", "cross-legged", "band",
    "leg", "place", "simulated", "left_thigh", "right_thigh", "pelvis", "left", "right", "both",
    "supine", "hook_lying", "prone", "left_side_down", "right_side_down", "seated", "standing",
    "vertical", "donning", "knee_lift", "reference", "rest", "demonstration", "set", "patella_up",
    "foot_block", "hanging_shank", "pelvis_level", "housing", "hip_rotation", "knee_roll",
    "elevation", "thigh_pitch", "frontal_lean", "pelvis_hike", "axial_turn", "movement",
    "internal_rotation", "external_rotation", "abduction", "extension", "trunk", "balance",
    "changed", "ankles", "feet", "thighs", "nothing", "none", "some", "much", "harder", "easier",
    "stop", "resume", "phase", "stop_on_pain", "ease_on_pain", "ease_next_morning",
    "ease_on_quality", "double_progression", "next_phase", "searching", "connecting", "configuring",
    "streaming", "backfilling", "lost", "stopped", "failed", "recording", "complete", "interrupted",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "started_at",
    "time_zone", "person_id", "rest_left_out", "deleted_at", "exercise", "valid_reps",
    "partial_reps", "left_out", "mixed", "yes", "no", "No such file or directory",
    "Permission denied", "No space left on device", "Is a directory", "Not a directory",
    "Input/output error", "Read-only file system", "File exists", "File name too long", "moving",
    "fast", "slowly", "gap", "saturated", "shaken", "all", "semicolons", "tabs", "edit", "inward",
    "outward", "unknown", "your", "overflow", "restart", "link", "generic", "pain", "first",
    "asked", "weekly",
)  # fmt: skip
"""Values that stand for themselves in what the program says."""

WORDS_OF_MODULES: dict[str, frozenset[str]] = {}
"""Single words that the program has for a person, by module."""
