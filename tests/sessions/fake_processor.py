"""A processor with a parameter of every sort, and with ids that the slot itself uses, for tests of what keeps them."""

from dataclasses import replace

from engine.catalog import PROCESSORS
from engine.core.params import ParamSpec, choice, frequency, switch

TESTER = replace(
    next(iter(PROCESSORS.values())),
    id="tester",
    label="Tester",
    params=(
        ParamSpec("output_db", "Output", "dB", -36.0, 12.0, 0.0, 0.5, 0.1, 6.0),
        choice("kind", "Kind", ("tape", "15 ips", 'a "b"'), "15 ips"),
        switch("bypass", "Bypass", on=True),
        frequency("cutoff_hz", "Cutoff", 20.0, 20000.0, 1000.0),
        ParamSpec("depth_db", "Depth", "dB", -60.0, 0.0, 0.0, 0.5, 0.1, 6.0, off=True),
        ParamSpec("ratio", "Ratio", "", 1.0, 20.0, 4.0, 0.5, 0.1, 2.0),
    ),
)
CATALOG = {**PROCESSORS, TESTER.id: TESTER}
"""All that the program has, and this one."""
