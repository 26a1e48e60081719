from pathlib import Path

import pytest

from tui.actions import ACTIONS, BY_ID
from tui.keymap import DEFAULT_KEYS, Keymap, KeymapError, key_name, load, merged, shown_key


def test_every_action_has_keys_and_every_key_an_action() -> None:
    assert set(DEFAULT_KEYS) == {action.id for action in ACTIONS}
    assert all(DEFAULT_KEYS[action.id] for action in ACTIONS)


def test_no_action_depends_on_a_combination_that_terminals_swallow() -> None:
    # A suspended or repainted terminal is a terminal's business; both are also in the palette.
    for action_id, keys in DEFAULT_KEYS.items():
        if action_id not in ("suspend", "redraw"):
            assert any("+" not in key or len(key) == 1 for key in keys), action_id


def test_keys_are_known_by_the_character_they_type() -> None:
    assert key_name("left_square_bracket", "[") == "["
    assert key_name("K", "K") == "K"
    assert key_name("space", " ") == "space"
    assert key_name("shift+up", None) == "shift+up"
    assert key_name("ctrl+s", "\x13") == "ctrl+s"
    keymap = Keymap()
    assert keymap.action("question_mark", "?") == "help"
    assert keymap.action("up", None) == "increase"
    assert keymap.action("k", "k") == "increase"
    assert keymap.action("K", "K") == "increase_fine"
    assert keymap.action("g", "g") is None


def test_a_users_file_replaces_the_keys_of_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('[keys]\nmute = "f5"\nundo = ["$", "ctrl+z"]\nsuspend = []\n')
    keymap = load(file)
    assert keymap.keys("mute") == ("f5",)
    assert keymap.keys("undo") == ("$", "ctrl+z")
    assert keymap.keys("suspend") == ()
    assert keymap.action("m", "m") is None
    assert keymap.keys("solo") == DEFAULT_KEYS["solo"]


@pytest.mark.parametrize(
    ("text", "action_id", "left", "line"),
    [
        ('mute = "s"', "solo", (), 'keys.toml gives "s" to mute: solo has no key, give it another one'),
        ('mute = ["m", "q"]', "quit", ("ctrl+q", "ctrl+c"), 'gives "q" to mute: quit has "ctrl+q" and "ctrl+c"'),
        ('undo = "ctrl+z"', "suspend", (), 'gives "ctrl+z" to undo: suspend has no key'),
    ],
)
def test_a_key_that_the_user_gave_to_an_action_is_no_others(
    tmp_path: Path, text: str, action_id: str, left: tuple[str, ...], line: str
) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(f"[keys]\n{text}\n")
    keymap = load(file)
    assert keymap.keys(action_id) == left
    [notice] = keymap.notices
    assert line in notice
    assert keymap.action("s", "s") == ("mute" if action_id == "solo" else "solo")


def test_keys_that_change_hands_take_none_away(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('[keys]\nmute = "s"\nsolo = "m"\n')
    keymap = load(file)
    assert (keymap.action("s", "s"), keymap.action("m", "m"), keymap.notices) == ("mute", "solo", ())


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "keys.toml").keys("mute") == DEFAULT_KEYS["mute"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\nmut = "m"\n', '[keys] unknown action "mut"; did you mean "mute"?'),
        ('[keys]\nmute = "s"\nsolo = "s"\n', 'key "s" is given to mute and solo: give one of them another key'),
        ('[keys]\nmute = "hyper+m"\n', '[keys] mute: "hyper+m" is no key'),
        ("[keys]\nmute = 5\n", '[keys] mute: write a key ("m") or a list of keys'),
        ('[key]\nmute = "m"\n', 'unknown entry "key": there is one table, [keys]'),
        ("keys = 3\n", "keys is not a table"),
        ("[keys\n", "Expected"),
        (b"\xff\xfe", "cannot read"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_with_its_name(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(KeymapError) as caught:
        load(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_keys_are_shown_as_people_read_them() -> None:
    assert shown_key("up") == "↑"
    assert shown_key("up", ascii_only=True) == "Up"
    assert shown_key("shift+up") == "Shift+↑"
    assert shown_key("ctrl+s") == "Ctrl+S"
    assert shown_key("f1") == "F1"
    assert shown_key("?") == "?"
    assert merged({}) == (dict(DEFAULT_KEYS), ())
    assert BY_ID["mute"].label == "Mute"
