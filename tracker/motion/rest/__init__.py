"""The rest test: one test, its uncertainty, the repeats of a donning, how well a person repeats."""
