"""The parts of the mixer's screen. They show what they are given and post what was done to them."""
