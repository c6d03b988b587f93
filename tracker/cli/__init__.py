"""The commands: thin, each in a file of its own. What costs time to import is imported inside them."""

import os

# Before pydantic is imported: it would look through all that is installed for its plugins, which takes a
# twentieth of what `tracker week` takes, and the program uses none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
