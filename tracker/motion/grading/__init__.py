"""How well a repetition was done: phases, smoothness, form, both legs beside each other, fatigue."""
