"""A generated multitrack with gain-staging faults, for a first look and for practice.

A song of 84 s in twelve stems and their mix, the same in every run, made in seconds. README.md tells what is wrong with
it.
"""

from sessions.demo.folder import DemoError, write_demo

__all__ = ["DemoError", "write_demo"]
