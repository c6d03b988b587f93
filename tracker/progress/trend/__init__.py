"""Whether the resting rotation changed by more than the measurement's error.

`resting_trend(database, person, since=None, until=None)` of `resting_trend.py` gives a `RestingTrend` of
`values.py`; `trend_object` of `document.py` makes plain values for JSON of it.

What may stand in one trend is in `comparable.py`, the measurement's error in `measurement_error.py`, the
line in `theil_sen.py`, what is said of it in `judgement.py`, the control chart in `control_chart.py`.
"""
