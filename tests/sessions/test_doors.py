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
