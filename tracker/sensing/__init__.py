"""Where notifications come from: Bluetooth sensors, virtual sensors, saved recordings."""
