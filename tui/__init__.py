"""The terminal: command line, screens, widgets, keys. Draws what the sessions hold and turns gestures into edits."""
