from pathlib import Path

import numpy as np
import pytest

from engine.offline import write_wav
from sessions.doors import bounce
from sessions.file import load, save
from sessions.model import SessionError
from sessions.opening import open_path


def test_a_bounce_never_takes_the_place_of_the_session_by_whatever_name(tmp_path):
    folder = tmp_path / "Song"
    folder.mkdir()
    write_wav(folder / "Vox.wav", np.zeros((480, 1), np.float32), 48_000, "PCM_16")
    session = open_path(folder)
    save(session.session, session.path)
    link = tmp_path / "mix.wav"
    link.symlink_to(session.path)
    for out in (session.path, link, folder / "B.gainstage"):
        for path in (folder, session.path):
            with pytest.raises(SessionError, match="is the name of a session: write the bounce to another file"):
                bounce(path, out)
    assert load(session.path).session == session.session


def test_a_bounce_beside_a_folder_that_is_gone_is_told(tmp_path, monkeypatch):
    song, gone = tmp_path / "Song", tmp_path / "gone"
    song.mkdir()
    gone.mkdir()
    write_wav(song / "Vox.wav", np.zeros((480, 1), np.float32), 48_000, "PCM_16")
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SessionError, match="the current folder is gone"):
        bounce(song, Path("mix.wav"))


def test_a_recording_that_was_left_out_of_the_session_is_not_written_over(tmp_path):
    write_wav(tmp_path / "Vox.wav", np.zeros((480, 1), np.float32), 48_000, "PCM_16")
    damaged = tmp_path / "Damaged.wav"
    damaged.write_bytes(b"RIFF")
    with pytest.raises(SessionError, match="lies among the stems"):
        bounce(tmp_path, damaged)
    assert damaged.read_bytes() == b"RIFF"


def test_a_bounce_of_a_file_with_faults_says_them_and_renders_the_rest(tmp_path):
    write_wav(tmp_path / "Vox.wav", np.full((4800, 1), 0.25, np.float32), 48_000, "PCM_16")
    session = tmp_path / "Song.gainstage"
    text = 'version = 2\nname = "Song"\n[[strip]]\nname = "Vox"\npath = "Vox.wav"\npan_percent = -100.0\n'
    session.write_text(text + '[strip.insert.2]\nkind = "fuzz"\n[strip.send.a]\nto = "r1"\n')
    done = bounce(session, tmp_path / "mix.wav", bits="32f")
    assert [problem.split(",")[0] for problem in done.problems] == [
        'strip 1 "Vox": insert 2: kind="fuzz" is no processor',
        'strip "Vox": send a: to="r1": there is no bus or return with that id: the send is left out',
    ]
    assert done.peak_dbfs == pytest.approx(20.0 * np.log10(0.25), abs=0.01)
    assert (done.frames, done.clipped_samples) == (4800, 0)
    assert session.read_text().startswith(text)


@pytest.mark.parametrize(
    ("times", "line"),
    [
        ({"start_s": float("nan")}, "start=nan s is no time within a song"),
        ({"start_s": -1.0}, "start=-1 s is no time within a song"),
        ({"end_s": float("inf")}, "end=inf s is no time within a song"),
        ({"tail": -0.5}, "tail=-0.5 s is no time within a song"),
        ({"tail": float("nan")}, "tail=nan s is no time within a song"),
        ({"start_s": 0.005, "end_s": 0.005001}, "nothing lies between the start at 0.005 s and the end at 0.005001 s"),
        ({"start_s": 0.005, "end_s": 0.001}, "nothing lies between the start at 0.005 s and the end at 0.001 s"),
    ],
)
def test_times_that_are_none_are_told_and_nothing_is_written(tmp_path, times, line):
    song = tmp_path / "Song"
    song.mkdir()
    write_wav(song / "Vox.wav", np.zeros((480, 1), np.float32), 48_000, "PCM_16")
    with pytest.raises(SessionError, match=f"^{line}$"):
        bounce(song, tmp_path / "mix.wav", **times)
    assert list(tmp_path.iterdir()) == [song]
