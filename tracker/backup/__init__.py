"""One file that holds all that a person has here, and back again.

The format: `tar` with `about.json` first and `manifest.json`, which tells size and SHA-256 of each member,
last. An encrypted one holds such a tar as `payload.tar.age`, and in `key.age` what opens it.
"""
