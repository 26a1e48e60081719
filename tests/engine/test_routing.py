"""Where signals go: levels of groups, circles that are refused, and what is heard while something is solo."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.mix import MASTER_ID, Mix, Send, Strip, StripControls, StripKind
from engine.routing import MAX_LEVELS, RoutingError, heard, levels

SOLO, MUTE, SAFE = StripControls(solo=True), StripControls(mute=True), StripControls(solo_safe=True)


def strip(
    name: str,
    output: str | None = MASTER_ID,
    *sends: str,
    kind: StripKind = "stem",
    controls: StripControls | None = None,
) -> Strip:
    return Strip(
        name, name, kind=kind, output=output, sends=tuple(map(Send, sends)), controls=controls or StripControls()
    )


def test_a_group_lies_above_all_that_feeds_it() -> None:
    drums = strip("Drums", "Band", "Room", kind="bus")
    strips = [
        strip("Reverb", kind="return"),
        strip("Band", kind="bus"),
        drums,
        strip("Kick", "Drums"),
        strip("Room", "Band", "Reverb", kind="return"),
    ]
    assert levels(strips) == {"Drums": 0, "Room": 1, "Reverb": 2, "Band": 2}


def test_a_circle_is_refused_and_its_path_named() -> None:
    strips = [
        strip("A", "B", kind="bus"),
        strip("B", "C", kind="bus"),
        strip("C", MASTER_ID, "A", kind="bus"),
        strip("Kick", "A"),
    ]
    with pytest.raises(RoutingError) as refused:
        levels(strips)
    told = str(refused.value)
    assert told.startswith("a signal cannot go in a circle: ")
    path = told.partition(": ")[2].replace('"', "").split(" → ")
    assert path[0] == path[-1]
    assert all(step in ("AB", "BC", "CA") for step in map("".join, pairwise(path)))


def test_a_group_cannot_feed_itself() -> None:
    with pytest.raises(RoutingError, match='"A" → "A"'):
        levels([strip("A", MASTER_ID, "A", kind="bus")])


def test_stem_strips_and_strangers_are_no_sums() -> None:
    with pytest.raises(RoutingError, match='"Kick" cannot be sent there: "Snare" is a stem strip'):
        levels([strip("Kick", "Snare"), strip("Snare")])
    with pytest.raises(RoutingError, match='"Kick" cannot be sent there: there is no strip "gone"'):
        levels([strip("Kick", MASTER_ID, "gone")])


def test_groups_of_groups_have_an_end() -> None:
    chain = [strip(f"G{n}", f"G{n + 1}", kind="bus") for n in range(MAX_LEVELS)]
    with pytest.raises(RoutingError, match=f"more than {MAX_LEVELS} deep"):
        levels([*chain, strip(f"G{MAX_LEVELS}", kind="bus")])
    assert len(levels([*chain[:-1], strip(f"G{MAX_LEVELS - 1}", kind="bus")])) == MAX_LEVELS


def console(**controls: StripControls) -> Mix:
    """Two stems in a bus, a third beside them, all with a send to a reverb."""
    return Mix(
        48000,
        (
            strip("Kick", "Drums", "Reverb", controls=controls.get("Kick")),
            strip("Snare", "Drums", "Reverb", controls=controls.get("Snare")),
            strip("Vox", MASTER_ID, "Reverb", controls=controls.get("Vox")),
            strip("Drums", kind="bus", controls=controls.get("Drums")),
            strip("Reverb", kind="return", controls=controls.get("Reverb")),
        ),
    )


def sounding(**controls: StripControls) -> set[str]:
    """The routes that sound, as `from>to`."""
    mix = console(**controls)
    found = heard(mix)
    routes = set()
    for one in mix.strips:
        ways = [one.output, *(send.to for send in one.sends if send)]
        routes |= {f"{one.id}>{to}" for to, is_open in zip(ways, found[one.id], strict=True) if is_open}
    assert found[MASTER_ID] == (True,)
    return routes


EVERYTHING = {
    "Kick>Drums", "Kick>Reverb", "Snare>Drums", "Snare>Reverb", "Vox>master", "Vox>Reverb", "Drums>master",
    "Reverb>master",
}  # fmt: skip


def test_without_solo_everything_but_the_muted_is_heard() -> None:
    assert sounding() == EVERYTHING
    assert sounding(Kick=MUTE) == EVERYTHING - {"Kick>Drums", "Kick>Reverb"}


def test_a_solo_strip_keeps_its_bus_and_its_reverb() -> None:
    assert sounding(Kick=SOLO) == {"Kick>Drums", "Kick>Reverb", "Drums>master", "Reverb>master"}


def test_a_solo_bus_is_heard_with_what_feeds_it_but_without_its_reverb() -> None:
    assert sounding(Drums=SOLO) == {"Kick>Drums", "Snare>Drums", "Drums>master"}


def test_a_solo_return_is_heard_without_the_dry_strips() -> None:
    assert sounding(Reverb=SOLO) == {"Kick>Reverb", "Snare>Reverb", "Vox>Reverb", "Reverb>master"}


def test_a_safe_strip_is_heard_whatever_is_solo() -> None:
    assert sounding(Vox=SOLO, Drums=SAFE) == {"Vox>master", "Vox>Reverb", "Reverb>master", "Drums>master"}


def test_mute_wins_over_solo() -> None:
    assert sounding(Kick=StripControls(solo=True, mute=True)) == {"Drums>master", "Reverb>master"}
