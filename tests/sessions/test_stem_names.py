import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.model import printable
from sessions.stem_names import Side, clean_names, distinct_names, natural_key, side_of


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ("Song_01_Kick In, Song_02_Kick Out", "Kick In, Kick Out"),
        ("01 Vox, 02 Vox", "01 Vox, 02 Vox"),
        ("01 Kick, 02 Vox, 03 Vox", "Kick, 02 Vox, 03 Vox"),
        ("808, Kick", "808, Kick"),
        ("01 808, 02 Kick", "808, Kick"),
        ("Song_808, Song_Vox", "808, Vox"),
        ("808 Kick, 808 Snare", "808 Kick, 808 Snare"),
        ("808 Kick, 909 Snare, 707 Tom", "808 Kick, 909 Snare, 707 Tom"),
        ("Gtr 1, Gtr 2", "Gtr 1, Gtr 2"),
        ("Gtr1, Gtr2", "Gtr1, Gtr2"),
        ("Gtr 1 Clean, Gtr 2 Dist", "Gtr 1 Clean, Gtr 2 Dist"),
        ("Song_Gtr_1, Song_Gtr_2", "Gtr 1, Gtr 2"),
        ("My Song Kick, My Song Snare", "Kick, Snare"),
        ("My Song - 01 - Kick, My Song - 02 - Vox", "Kick, Vox"),
        ("01_Song_Kick, 02_Song_Snare", "Kick, Snare"),
        ("01. Kick, 02. Snare", "Kick, Snare"),
        ("1-Kick, 2-Snare, 10-Vox", "Kick, Snare, Vox"),
        ("song_kick, Song_Snare", "kick, Snare"),
        ("Track 01 Kick, Track 02 Vox", "Kick, Vox"),
        ("Stem 1, Stem 2", "Stem 1, Stem 2"),
        ("Take 101, Take 102", "Take 101, Take 102"),
        ("01, 02", "01, 02"),
        ("01 L, 02 R", "01 L, 02 R"),
        ("01 Kick, 02 Room", "Kick, Room"),
        ("Song_In, Song_Out", "Song In, Song Out"),
        ("Kick_In, Kick_Out, Kick_Sub", "Kick In, Kick Out, Kick Sub"),
        ("Bass DI, Bass Amp", "Bass DI, Bass Amp"),
        ("Lead Vox, Lead Gtr", "Lead Vox, Lead Gtr"),
        ("Hi-Hat, Hi-Tom", "Hi-Hat, Hi-Tom"),
        ("12 String, 6 String", "12 String, 6 String"),
        ("01 Kick, 02 Snare, Rough Mix", "Kick, Snare, Rough Mix"),
        ("01 Kick, Snare, Vox", "01 Kick, Snare, Vox"),
        ("01 Kick, 01 Snare", "Kick, Snare"),
        ("01 Kick, 01 Snare, 02 Vox", "01 Kick, 01 Snare, 02 Vox"),
        ("Song, Song_Kick", "Song, Song Kick"),
        ("Kick", "Kick"),
        ("01 Kick", "Kick"),
        ("2 Kick", "2 Kick"),
        ("Song_Kick", "Song Kick"),
        ("Pad.L", "Pad L"),
        ("Vox, vox, Vox", "Vox, vox (2), Vox (3)"),
        ("___, -", "Stem, Stem (2)"),
        ("Kick__In - Close", "Kick In - Close"),
    ],
)
def test_names_are_cleaned_of_what_says_nothing(files, names):
    assert clean_names(files.split(", ")) == names.split(", ")


def test_taken_names_are_not_given_again():
    assert distinct_names(["Vox", "Kick"], taken=["vox", "VOX (2)"]) == ["Vox (3)", "Kick"]


def test_letters_of_two_characters_are_joined():
    assert clean_names(["Cafe\u0301"]) == ["Caf\u00e9"]


def test_what_cannot_be_shown_is_no_part_of_a_name():
    assert clean_names(["Vox\x1b[31m\u202e 1\n"]) == ["Vox [31m 1"]


file_names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
_WORDS = ["01", "02", "1", "808", "Song", "Kick", "In", "Out", "L", "R", "Vox", "_", "-", ".", "Gtr", "#3"]
stem_like = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5)


@given(st.lists(file_names | stem_like.map("_".join) | stem_like.map(" ".join), max_size=8))
def test_names_are_never_empty_and_never_the_same_whatever_the_files(files):
    names = clean_names(files)
    assert len(names) == len(files)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name.strip() == name != ""
        assert printable(name)


def test_order_is_natural():
    names = ["Gtr 10", "gtr 2", "Gtr 1 dbl", "Gtr 1", "10 Vox", "9 Vox", "Bass", "amp"]
    assert sorted(names, key=natural_key) == ["9 Vox", "10 Vox", "amp", "Bass", "Gtr 1", "Gtr 1 dbl", "gtr 2", "Gtr 10"]


@given(st.lists(file_names))
def test_any_names_can_be_ordered(names):
    ordered = sorted(names, key=natural_key)
    backwards = sorted(names, key=natural_key, reverse=True)
    assert backwards[::-1] == ordered


@pytest.mark.parametrize(
    ("name", "base", "left"),
    [
        ("Pad.L", "Pad", True),
        ("Pad.r", "Pad", False),
        ("Pad_L", "Pad", True),
        ("Pad-R", "Pad", False),
        ("Pad L", "Pad", True),
        ("Pad.left", "Pad", True),
        ("Pad Right", "Pad", False),
        ("Gtr 1.L", "Gtr 1", True),
    ],
)
def test_side_is_read_off_the_end_of_a_name(name, base, left):
    side = side_of(name)
    assert isinstance(side, Side)
    assert (side.base, side.left) == (base, left)


@pytest.mark.parametrize("name", ["PadL", "L", ".L", "Pad.LR", "Pad..L", "Left", "Vocal", "Pad.L.1"])
def test_what_ends_otherwise_is_no_side(name):
    assert side_of(name) is None


@pytest.mark.parametrize("other", ["Pad_R", "pad.R", "Pad.right", "Pads.R"])
def test_sides_belong_together_only_if_written_alike(other):
    assert side_of("Pad.L").key != side_of(other).key


@pytest.mark.parametrize("other", ["Pad.R", "Pad.r"])
def test_case_of_the_side_does_not_matter(other):
    assert side_of("Pad.L").key == side_of(other).key
