from sessions.edits import SetControl
from sessions.model import Session
from sessions.sum_edits import SetSoloSafe
from tests.tui.fake_player import console_of, session_of
from tui.heard import heard_with_solo


def solo(session: Session, strip_id: str) -> Session:
    return SetControl(strip_id, "solo", True).apply(session)


def test_a_solo_strip_is_heard_with_all_that_it_feeds() -> None:
    session = console_of(session_of(6))
    assert len(heard_with_solo(session)) == 10
    assert heard_with_solo(solo(session, "s1")) == {"s1", "b1", "r1", "r2"}


def test_a_solo_bus_is_heard_with_what_feeds_it() -> None:
    session = solo(console_of(session_of(6)), "b1")
    assert heard_with_solo(session) == {"s0", "s1", "s2", "s3", "b1"}
    assert "s5" in heard_with_solo(SetSoloSafe("s5", True).apply(session))
