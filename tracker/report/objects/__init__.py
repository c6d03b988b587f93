"""The keys of `--json`, for the type checker and for the document of the JSON API; nothing else imports them.

A function that makes one of these objects has it as its return type, so that keys are told in one place.
"""
