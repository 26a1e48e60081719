"""Sessions and edits for property tests."""

import math
import posixpath

import msgspec
from hypothesis import strategies as st

from engine.core.params import STRIP_PARAMS, ParamSpec
from engine.mix import INSERT_SLOTS, MASTER_ID, SAMPLE_RATES_HZ, SEND_SLOTS
from sessions.edits import ExclusiveSolo, RelinkStem, RenameStrip, SetControl, SetLoop, SetMonitor, SetPanLaw, Together
from sessions.group_edits import (
    AddLinkGroup,
    AddMuteGroup,
    MoveLinked,
    RemoveStripGroup,
    RenameStripGroup,
    SetMembers,
    SwitchMuteGroup,
)
from sessions.insert import INSERT_CONTROLS
from sessions.insert_edits import (
    AddInsert,
    CopyInsert,
    MoveInsert,
    RemoveInsert,
    ReplaceInsert,
    SetInsertControl,
    SetInsertParam,
)
from sessions.meter_edits import SetMeters
from sessions.meters import METER_OPTIONS, MeterState
from sessions.model import (
    InsertState,
    LinkGroup,
    LoopState,
    MasterState,
    MonitorState,
    MuteGroup,
    SendState,
    Session,
    SourceRef,
    StripState,
    printable,
)
from sessions.monitor import MONITOR_CONTROLS
from sessions.send import SEND_CONTROLS
from sessions.send_edits import RemoveSend, SetSend, SetSendControl
from sessions.strip import NOWHERE
from sessions.sum_edits import AddSum, MoveStrip, RemoveSum, SetListen, SetOutput, SetSoloSafe
from tests.sessions.fake_processor import CATALOG, TESTER

FOLDER = "/music/Song"

names = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and printable(text))
pan_laws = st.sampled_from(["-2.5", "-3", "-4.5", "-6"])
times_s = st.floats(0, 1e5) | st.just(0.0)


def values(spec: ParamSpec):
    if spec.taper in ("switch", "choice"):
        return st.integers(0, int(spec.maximum)).map(float)
    inside = st.floats(spec.minimum, spec.maximum) | st.just(spec.default)
    return inside | st.just(-math.inf) if spec.off else inside


def _controls(*, solo: bool):
    return {
        key: st.booleans() if spec.taper == "switch" else values(spec)
        for key, spec in STRIP_PARAMS.items()
        if solo or key != "solo"
    }


def _switches_and_values(specs):
    return {key: st.booleans() if spec.taper == "switch" else values(spec) for key, spec in specs.items()}


inserts = st.sampled_from(list(CATALOG.values())).flatmap(
    lambda kind: st.builds(
        InsertState,
        kind=st.just(kind.id),
        params=st.tuples(*map(values, kind.params)),
        **_switches_and_values(INSERT_CONTROLS),
    )
)
insert_slots = st.just(()) | st.builds(
    lambda empty, insert, other: (*[None] * empty, insert, other), st.integers(0, INSERT_SLOTS - 2), inserts, inserts
)


# All that a path may hold and a TOML string must escape: quotes, backslashes, line ends, control codes.
_path_parts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8
).filter(lambda part: part not in (".", ".."))
paths = st.builds(
    lambda folder, parts: posixpath.join(folder, *parts),
    st.sampled_from([FOLDER, "/music", "/", "/music/Song 2", "/music/Song/stems"]),
    st.lists(_path_parts, min_size=1, max_size=3),
)

sources = st.one_of(
    st.builds(SourceRef, paths, st.none(), st.none() | st.integers(0, 63), times_s),
    st.builds(SourceRef, paths, paths, st.none(), times_s),
)
identities = st.text(min_size=1, max_size=6).filter(lambda text: printable(text) and text not in (MASTER_ID, NOWHERE))


def strips_of(kind):
    """Strips of a kind that go to the master and have no sends."""
    return st.builds(
        StripState,
        id=identities,
        name=names,
        source=st.none() | sources if kind == "stem" else st.none(),
        kind=st.just(kind),
        solo_safe=st.booleans(),
        listen=st.sampled_from(["off", "before", "after"]),
        inserts=insert_slots,
        **_controls(solo=True),
    )


@st.composite
def consoles(draw):
    """Stems, buses and returns, with routes that have no circle: each group feeds only later ones of some order."""
    unrouted = [
        *draw(st.lists(strips_of("stem"), max_size=3)),
        *draw(st.lists(strips_of("bus"), max_size=3)),
        *draw(st.lists(strips_of("return"), max_size=2)),
    ]
    unrouted = list({strip.id: strip for strip in unrouted}.values())
    order = draw(st.permutations([strip.id for strip in unrouted if strip.kind != "stem"]))
    buses = {strip.id for strip in unrouted if strip.kind == "bus"}
    strips = []
    for strip in unrouted:
        later = order if strip.kind == "stem" else order[order.index(strip.id) + 1 :]
        output = draw(st.sampled_from([MASTER_ID, None, *(one for one in later if one in buses)]))
        sends = st.none()
        if later:
            sends |= st.builds(SendState, to=st.sampled_from(later), **_switches_and_values(SEND_CONTROLS))
        sends = tuple(draw(st.lists(sends, max_size=SEND_SLOTS)))
        strips.append(msgspec.structs.replace(strip, output=output, sends=sends))
    return tuple(strips)


@st.composite
def groups_of(draw, strips):
    """Mute groups of some strips, and linked groups that share none."""
    ids = draw(st.permutations([strip.id for strip in strips]))
    cuts = sorted(draw(st.lists(st.integers(0, len(ids)), max_size=2)))
    parts = [ids[begin:end] for begin, end in zip([0, *cuts], cuts, strict=False)]
    links = tuple(LinkGroup(f"l{n}", draw(names), tuple(part)) for n, part in enumerate(parts))
    mutes = []
    for n in range(draw(st.integers(0, 2))):
        members = draw(st.lists(st.sampled_from(ids), unique=True).map(tuple)) if ids else ()
        mutes.append(MuteGroup(f"m{n}", draw(names), members, draw(st.booleans())))
    return tuple(mutes), links


loops = st.builds(
    lambda enabled, start, length: LoopState(enabled, start, None if length is None else start + length),
    st.booleans(),
    st.floats(0, 1e4),
    st.none() | st.floats(0.001, 1e4),
)
_plain_sessions = st.builds(
    Session,
    name=names,
    strips=st.lists(
        st.builds(StripState, id=identities, name=names, source=st.none() | sources, **_controls(solo=True)),
        max_size=6,
        unique_by=lambda strip: strip.id,
    ).map(tuple),
    sample_rate_hz=st.sampled_from(SAMPLE_RATES_HZ),
    pan_law=pan_laws,
    monitor=st.builds(MonitorState, values(MONITOR_CONTROLS["volume_db"])),
    loop=loops,
    master=st.builds(MasterState, **_controls(solo=False)),
)


_meter_values = {key: st.sampled_from([value for value, _ in option.values]) for key, option in METER_OPTIONS.items()}
meters = st.builds(MeterState, **_meter_values)
meter_edits = st.one_of(st.builds(SetMeters, st.just(key), values) for key, values in _meter_values.items())


@st.composite
def _console_sessions(draw):
    strips = draw(consoles())
    mute_groups, link_groups = draw(groups_of(strips))
    return Session(
        draw(names),
        strips,
        monitor=draw(st.builds(MonitorState, **_switches_and_values(MONITOR_CONTROLS))),
        meters=draw(meters),
        master=draw(st.builds(MasterState, inserts=insert_slots, **_controls(solo=False))),
        mute_groups=mute_groups,
        link_groups=link_groups,
    )


console_sessions = _console_sessions()
plain_sessions = _plain_sessions
sessions = plain_sessions | console_sessions


def edits_of(strip_ids: list[str]):
    """Edits of all kinds that can be done to a session with these strips."""
    ids = st.sampled_from(strip_ids)
    levels = st.sampled_from([-math.inf, -20.0, -6.0, -0.5, 0.0, 0.5, 3.0, 90.0])
    controls = st.sampled_from(list(STRIP_PARAMS))
    single = st.one_of(
        st.builds(SetControl, ids, controls, levels),
        st.builds(SetControl, st.just(MASTER_ID), controls.filter(lambda control: control != "solo"), levels),
        st.builds(SetMonitor, levels),
        st.builds(SetLoop, st.booleans(), st.sampled_from([0.0, 1.0]), st.sampled_from([None, 2.0])),
        st.builds(SetPanLaw, pan_laws),
        st.builds(RenameStrip, ids, st.sampled_from(["Vox", "Kick", "808"])),
        st.builds(RelinkStem, ids, st.sampled_from(["/a.wav", "/b.wav"]), st.sampled_from([None, "/r.wav"])),
        st.builds(ExclusiveSolo, ids),
    )
    return single | st.builds(Together, st.just("All at once"), st.lists(single, max_size=3).map(tuple))


def console_edits_of(strip_ids: list[str]):
    """Edits of all kinds with these strips and some that may not be there; not all can be done."""
    ids = st.sampled_from([*strip_ids, MASTER_ID, "b1", "r1"])
    slots, letters = st.integers(1, 3), st.sampled_from("ab")
    levels = st.sampled_from([-math.inf, -20.0, -0.5, 0.0, 3.0, 90.0])
    kinds = st.sampled_from(list(CATALOG))
    params = st.sampled_from([spec.id for spec in TESTER.params])
    groups = st.sampled_from(["m1", "l1"])
    members = st.lists(st.sampled_from(strip_ids), unique=True, max_size=3).map(tuple)
    single = st.one_of(
        st.builds(SetControl, ids, st.sampled_from(list(STRIP_PARAMS)), levels, st.booleans()),
        st.builds(AddSum, st.sampled_from(["bus", "return"]), st.none(), ids | st.none()),
        st.builds(RemoveSum, ids),
        st.builds(MoveStrip, ids, st.integers(-1, 3)),
        st.builds(SetOutput, ids, ids | st.none()),
        st.builds(SetSoloSafe, ids, st.booleans()),
        st.builds(SetListen, ids, st.sampled_from(["off", "before", "after"])),
        st.builds(SetSend, ids, letters, ids),
        st.builds(RemoveSend, ids, letters),
        st.builds(SetSendControl, ids, letters, st.sampled_from(list(SEND_CONTROLS)), levels),
        st.builds(AddInsert, ids, kinds, st.none() | slots),
        st.builds(RemoveInsert, ids, slots),
        st.builds(ReplaceInsert, ids, slots, kinds),
        st.builds(MoveInsert, ids, slots, slots),
        st.builds(CopyInsert, ids, slots, ids, st.none() | slots),
        st.builds(SetInsertControl, ids, slots, st.sampled_from(list(INSERT_CONTROLS)), levels),
        st.builds(SetInsertParam, ids, slots, params, levels | st.booleans()),
        st.builds(AddMuteGroup, st.just("Drums"), members),
        st.builds(AddLinkGroup, st.just("Drums"), members),
        st.builds(RemoveStripGroup, groups),
        st.builds(RenameStripGroup, groups, st.just("Kit")),
        st.builds(SetMembers, groups, members),
        st.builds(SwitchMuteGroup, groups, st.booleans()),
        st.builds(MoveLinked, members, st.sampled_from(["trim_db", "fader_db"]), levels),
        st.builds(SetMonitor, levels, st.sampled_from(list(MONITOR_CONTROLS))),
        meter_edits,
    )
    return single | st.builds(Together, st.just("All at once"), st.lists(single, max_size=3).map(tuple))
