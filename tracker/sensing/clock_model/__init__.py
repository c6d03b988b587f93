"""From the ticks of a sensor's own clock, and when its frames arrived, to times on the host's clock."""
