"""Nothing of a session file with faults is lost: it stays until the first save, and is kept beside by that."""

import pytest

from sessions.controller import Controller
from sessions.edits import SetControl
from sessions.file import FileError, load
from sessions.opening import open_path

SPOILT = 'version = 2\nname = "Song"\n[[strip]]\nname = "Vox"\ntrim_db = 99\n'


@pytest.fixture
def spoilt(path, player):
    """A controller of a file with a fault."""
    path.write_text(SPOILT)
    controller = Controller.of(open_path(path), player)
    yield controller
    controller.close(discard=True)


def test_a_session_without_what_was_wrong_in_its_file_counts_as_changed(spoilt, path):
    assert spoilt.dirty
    assert spoilt.unsaved_edits == 1
    assert spoilt.backup == path.with_name("Song.gainstage.bak")
    assert path.read_text() == SPOILT


def test_the_first_save_keeps_the_file_with_its_faults_and_later_ones_do_not(spoilt, path):
    spoilt.save()
    kept = path.with_name("Song.gainstage.bak")
    assert kept.read_text() == SPOILT
    assert f'the file as it was is kept as "{kept}"' in [notice.text for notice in spoilt.notices()]
    assert load(path).faults == ()
    assert spoilt.backup is None
    assert not spoilt.dirty
    spoilt.edit(SetControl(spoilt.session.strips[0].id, "trim_db", -3.0))
    spoilt.save()
    assert [file.name for file in sorted(path.parent.iterdir())] == ["Song.gainstage", "Song.gainstage.bak"]
    assert kept.read_text() == SPOILT


def test_a_file_kept_before_is_never_replaced(spoilt, path):
    path.with_name("Song.gainstage.bak").write_text("older")
    path.with_name("Song.gainstage.bak2").symlink_to("nowhere")
    spoilt.save(force=True)
    assert path.with_name("Song.gainstage.bak").read_text() == "older"
    assert path.with_name("Song.gainstage.bak3").read_text() == SPOILT


def test_a_save_under_another_name_leaves_the_file_with_its_faults(spoilt, path):
    spoilt.save(path.with_name("Other.gainstage"))
    assert path.read_text() == SPOILT
    assert [file.name for file in sorted(path.parent.iterdir())] == ["Other.gainstage", "Song.gainstage"]
    assert not spoilt.dirty


def test_a_file_that_cannot_be_kept_is_not_replaced(spoilt, path, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sessions.file.write_atomically", full)
        with pytest.raises(FileError, match="no space left on device; the file on disk is unchanged"):
            spoilt.save()
    assert path.read_text() == SPOILT
    assert spoilt.dirty
    spoilt.save()
    assert path.with_name("Song.gainstage.bak").read_text() == SPOILT


def test_leaving_without_saving_leaves_the_file_as_it_is(path, player):
    path.write_text(SPOILT)
    controller = Controller.of(open_path(path), player)
    assert controller.close()
    assert path.read_text() == SPOILT
    assert list(path.parent.iterdir()) == [path]
