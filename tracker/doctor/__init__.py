"""Whether this computer can record: each thing that is needed, ok or with what to do."""
