import math

import pytest

from engine.mix import MeterSettings, Mix
from sessions.document import DocumentError, session_from_text, session_text
from sessions.meter_edits import SetMeters
from sessions.meters import METER_OPTIONS, MeterState
from sessions.mix import mix_of
from sessions.model import Session, SessionError
from sessions.salvage import salvaged

FOLDER = "/music/Song"
HEAD = 'version = 2\nname = "Song"\nsample_rate_hz = 48000\n'


def test_meters_are_written_where_they_differ_and_read_again():
    session = Session("Song", meters=MeterState(rms_aes17=True, hold_s=math.inf, loudness_scale="EBU +18"))
    text = session_text(session, FOLDER)
    assert text == f'{HEAD}\n[meters]\nrms_aes17 = true\nhold_s = inf\nloudness_scale = "EBU +18"\n'
    assert session_from_text(text, FOLDER) == session


def test_a_session_with_the_usual_meters_stays_one_of_the_first_version():
    text = session_text(Session("Song"), FOLDER)
    assert text.startswith("version = 1\n")
    assert "meters" not in text


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("vu_reference = -20", 'unknown key "vu_reference", did you mean "vu_reference_dbfs"?'),
        ("vu_reference_dbfs = 3", "vu_reference_dbfs=3 is not a number from -30 to 0"),
        ("rms_window_ms = 10", "rms_window_ms=10 is not a number from 50 to 3000"),
        ("peak_fall_db_per_s = nan", "peak_fall_db_per_s=nan is not a number from 3 to 60"),
        ("hold_s = -1", "hold_s=-1 is not a number from 0 up, or inf"),
        ("rms_aes17 = 1", "rms_aes17=1 should be true or false"),
        ("loudness_scale = 'EBU'", 'loudness_scale="EBU" should be one of "EBU +9", "EBU +18"'),
    ],
)
def test_a_wrong_value_of_the_meters_is_named_and_left_out_when_the_file_is_opened(line, fault):
    text = f"{HEAD}[meters]\nk_weighted = true\n{line}\n"
    with pytest.raises(DocumentError) as refused:
        session_from_text(text, FOLDER)
    assert str(refused.value) == f"[meters]: {fault}"
    session, said = salvaged(text, FOLDER)
    assert session.meters == MeterState(k_weighted=True)
    assert len(said) == 1
    assert said[0].startswith(f"[meters]: {fault}: ")


def test_the_engine_is_told_what_concerns_it():
    meters = MeterState(8.0, 600.0, True, -20.0, True, hold_s=0.0)
    assert mix_of(Session("Song", meters=meters)).meters == MeterSettings(8.0, 600.0, True, -20.0, True, 0.0)
    assert MeterState().settings == MeterSettings() == Mix(48000, ()).meters


@pytest.mark.parametrize("option", METER_OPTIONS.values(), ids=METER_OPTIONS)
def test_every_value_that_is_offered_can_be_set_and_has_words(option):
    values = [value for value, _ in option.values]
    assert getattr(MeterState(), option.id) in values
    for value, text in option.values:
        edit = SetMeters(option.id, value)
        assert getattr(edit.apply(Session("Song")).meters, option.id) == value
        assert edit.label(Session("Song")) == f"Meters: {option.label} {text}"


def test_every_field_is_an_option():
    assert set(METER_OPTIONS) == set(MeterState.__struct_fields__)
    with pytest.raises(SessionError, match='no option of the meters is called "fall"'):
        SetMeters("fall", 1.0).apply(Session("Song"))
    with pytest.raises(SessionError, match="hold_s=-1 is not a number"):
        SetMeters("hold_s", -1.0).apply(Session("Song"))


def test_a_value_of_nobody_else_is_shown_with_its_unit():
    assert METER_OPTIONS["vu_reference_dbfs"].shown(-17.5) == "-17.5 dBFS"
    assert METER_OPTIONS["hold_s"].shown(math.inf) == "until cleared"
