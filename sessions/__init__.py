"""The mix as a value: model, edits, undo, files, stems in. Drives the engine through its two doors."""
