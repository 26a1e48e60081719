"""Processors for the insert slots of strips: one file each, and what they have in common."""
