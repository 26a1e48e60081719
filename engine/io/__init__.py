"""The audio device and the process that owns it."""
