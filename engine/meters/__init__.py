"""Stage statistics and ballistics: what the audio thread measures and how it is read."""
