"""Sessions and edits for property tests."""

import math
import posixpath

from hypothesis import strategies as st

from engine.core.params import MONITOR, STRIP_PARAMS, ParamSpec
from engine.mix import SAMPLE_RATES_HZ
from sessions.edits import ExclusiveSolo, RelinkStem, RenameStrip, SetControl, SetLoop, SetMonitor, SetPanLaw, Together
from sessions.model import MASTER_ID, LoopState, MasterState, Session, SourceRef, StripState, printable

FOLDER = "/music/Song"

names = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and printable(text))
pan_laws = st.sampled_from(["-2.5", "-3", "-4.5", "-6"])
times_s = st.floats(0, 1e5) | st.just(0.0)


def values(spec: ParamSpec):
    inside = st.floats(spec.minimum, spec.maximum) | st.just(spec.default)
    return inside | st.just(-math.inf) if spec.off else inside


def _controls(*, solo: bool):
    return {
        key: st.booleans() if spec.taper == "switch" else values(spec)
        for key, spec in STRIP_PARAMS.items()
        if solo or key != "solo"
    }


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
strips = st.builds(
    StripState,
    id=st.text(min_size=1, max_size=6).filter(lambda text: printable(text) and text != MASTER_ID),
    name=names,
    source=st.none() | sources,
    **_controls(solo=True),
)
loops = st.builds(
    lambda enabled, start, length: LoopState(enabled, start, None if length is None else start + length),
    st.booleans(),
    st.floats(0, 1e4),
    st.none() | st.floats(0.001, 1e4),
)
sessions = st.builds(
    Session,
    name=names,
    strips=st.lists(strips, max_size=6, unique_by=lambda strip: strip.id).map(tuple),
    sample_rate_hz=st.sampled_from(SAMPLE_RATES_HZ),
    pan_law=pan_laws,
    monitor_db=values(MONITOR),
    loop=loops,
    master=st.builds(MasterState, **_controls(solo=False)),
)


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
