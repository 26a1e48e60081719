"""The screens: the mixer, and the dialogs over it."""
