from tui.pacing import ANSWER_WITHIN_S, QUESTION, FramePacer


def test_no_more_frames_are_under_way_than_answers_are_due() -> None:
    pacer = FramePacer(20.0)
    assert pacer.may_send(0.0)
    assert pacer.question(0.0) == QUESTION
    assert not pacer.may_send(0.05)
    pacer.answered(0.06)
    assert pacer.may_send(0.07)


def test_a_longer_way_allows_more_frames_under_way() -> None:
    pacer = FramePacer(20.0)
    pacer.question(0.0)
    pacer.answered(0.15)
    assert pacer.round_trip_s == 0.15
    assert pacer.allowed == 4
    for number in range(4):
        assert pacer.may_send(1.0 + number * 0.05)
        pacer.question(1.0 + number * 0.05)
    assert not pacer.may_send(1.2)


def test_one_slow_answer_does_not_hide_how_fast_the_way_is() -> None:
    pacer = FramePacer(20.0)
    for sent, answered in ((0.0, 0.01), (1.0, 3.0)):
        pacer.question(sent)
        pacer.answered(answered)
    assert pacer.allowed == 2


def test_a_terminal_that_never_answers_is_not_asked_any_more() -> None:
    pacer = FramePacer(20.0)
    pacer.question(0.0)
    assert not pacer.may_send(ANSWER_WITHIN_S - 0.01)
    assert pacer.may_send(ANSWER_WITHIN_S)
    assert pacer.question(2.0) == ""
    assert pacer.may_send(2.05)
    assert pacer.may_send(2.1)


def test_a_terminal_that_stops_answering_is_tried_now_and_then() -> None:
    pacer = FramePacer(20.0)
    pacer.question(0.0)
    pacer.answered(0.01)
    while pacer.may_send(1.0):
        pacer.question(1.0)
    assert not pacer.may_send(2.0)
    assert pacer.may_send(3.0)
    assert pacer.question(3.0) == QUESTION


def test_another_terminal_starts_anew() -> None:
    pacer = FramePacer(20.0)
    pacer.question(0.0)
    assert pacer.may_send(5.0)
    pacer.restart()
    assert pacer.question(6.0) == QUESTION
    assert not pacer.may_send(6.1)
    pacer.answered(6.2)
    pacer.answered(6.3)
    assert pacer.may_send(6.4)
