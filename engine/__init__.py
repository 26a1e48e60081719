"""Sound: sources, strips, sums, meters and the device. Knows nothing of sessions or screens."""
