"""Stems: what a file is, its samples at the engine's rate, the disk thread that keeps the rings full, WAV out."""
