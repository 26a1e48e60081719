"""Parts of a session file that do not fit together: what is left out, and what is said of it."""

import pytest

from sessions.model import SendState
from sessions.salvage import salvaged
from tests.sessions.spoilt import HEAD, REST, read, vox
from tests.sessions.strategies import FOLDER

# Routes


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("b9", 'output="b9": there is no bus with that id'),
        ("s2", 'output="s2": "Kick" is a stem strip'),
        ("s1", 'output="s1": "Vox" is a stem strip'),
        ("r1", 'its output cannot be the return "Room", that is what sends are for'),
    ],
)
def test_an_output_that_cannot_be_goes_to_the_master(output, line):
    session, said = vox(f'output = "{output}"')
    assert said == f'strip "Vox": {line}: it goes to the master'
    assert session.strip("s1").output == "master"


@pytest.mark.parametrize(
    ("to", "line"),
    [
        ("r9", 'to="r9": there is no bus or return with that id'),
        ("s1", 'to="s1": "Vox" is a stem strip'),
        ("s2", 'to="s2": "Kick" is a stem strip'),
    ],
)
def test_a_send_that_cannot_be_is_left_out(to, line):
    session, said = vox(f'[strip.send.a]\nto = "{to}"\n[strip.send.b]\nto = "r1"')
    assert said == f'strip "Vox": send a: {line}: the send is left out'
    assert session.strip("s1").sends == (None, SendState("r1"))


def test_a_send_to_the_master_is_left_out():
    _, said = vox('[strip.send.a]\nto = "master"')
    assert said.startswith('strip 1 "Vox": send a: a send goes to a bus or a return, what goes to the master is the')
    assert said.endswith(": the send is left out")


def test_what_would_go_to_itself_does_not():
    text = '[[bus]]\nid = "b2"\nname = "Band"\noutput = "b2"\n[bus.send.a]\nto = "b2"\n[bus.send.b]\nto = "r1"\n'
    session, said = read(REST + text)
    assert said == (
        'bus "Band": it would go to itself: it goes to the master',
        'bus "Band": send a: it would go to itself: the send is left out',
    )
    assert session.strip("b2").sends == (None, SendState("r1"))


def test_a_circle_is_opened_where_it_would_close():
    text = (
        '[[bus]]\nid = "b2"\nname = "Band"\noutput = "b3"\n[[bus]]\nid = "b3"\nname = "All"\noutput = "b2"\n'
        '[[return]]\nid = "r2"\nname = "Echo"\n[return.send.a]\nto = "r1"\n'
    )
    session, said = read(REST + text)
    assert said == ('bus "All": a signal cannot go in a circle: "Band" → "All" → "Band": it goes to the master',)
    assert (session.strip("b2").output, session.strip("b3").output) == ("b3", "master")
    assert session.strip("r2").sends == (SendState("r1"),)


def test_a_circle_of_sends_loses_the_last_of_them():
    text = REST + '[return.send.a]\nto = "r2"\n[[return]]\nid = "r2"\nname = "Echo"\n[return.send.a]\nto = "r1"\n'
    session, [line] = read(text)
    assert line.startswith('return "Echo": send a: a signal cannot go in a circle: ')
    assert line.endswith(": the send is left out")
    assert session.strip("r1").sends == (SendState("r2"),)
    assert session.strip("r2").sends == ()


def test_buses_of_buses_go_as_deep_as_can_be():
    buses = "".join(f'[[bus]]\nid = "b{n}"\nname = "B{n}"\noutput = "b{n + 1}"\n' for n in range(1, 9))
    _, said = read(f'{buses}[[bus]]\nid = "b9"\nname = "B9"\n')
    assert len(said) == 1
    assert "is fed by groups of groups more than 6 deep: it goes to the master" in said[0]


# Ids, groups and numbers


def test_two_strips_of_one_id_are_both_there_and_the_first_is_meant():
    session, said = read(REST + "[[return]]\nid = 'b1'\nname = 'Hall'\n")
    assert said == ('return "Hall": id="b1" is taken by another strip: it becomes "r2"',)
    assert session.strip("s2").output == "b1"
    assert session.strip("r2").name == "Hall"


def test_groups_keep_the_members_that_are_there():
    text = (
        '[[mute_group]]\nid = "m1"\nname = "A"\nmembers = ["s2", "s9", "b1"]\n'
        '[[mute_group]]\nid = "m1"\nname = "B"\nmembers = ["s2", "s2", 3]\n'
        '[[link_group]]\nname = "C"\nmembers = ["s2"]\n[[link_group]]\nname = "D"\nmembers = ["b1", "s2"]\n'
    )
    session, said = read(REST + text)
    assert said == (
        "mute_group 2 \"B\": members=['s2', 's2', 3] should be a list of texts in quotes: the other members stay",
        'mute group "A": there is no strip "s9": the other members stay',
        'mute group "B": id="m1" is taken by another group: it becomes "m2"',
        'linked group "D": "Kick" is in the linked group "C" already: it stays in that one',
    )
    assert [group.members for group in session.groups] == [("s2", "b1"), ("s2",), ("s2",), ("b1",)]


def test_what_is_too_many_is_left_out_from_the_end():
    session, said = salvaged(HEAD + "".join(f'[[strip]]\nname = "{n}"\n' for n in range(130)), FOLDER)
    assert said == ("130 strips are more than 128: left out 128, 129",)
    assert len(session.strips) == 128
