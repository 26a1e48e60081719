import errno
import os
import stat

import pytest

from sessions.file import MAX_BYTES, SUFFIX, FileError, SaveConflictError, absolute, is_file, is_folder, load, save
from sessions.model import Session, SourceRef, StripState

SONG = Session("Song", (StripState("s1", "Vox"),))
OTHER = Session("Other")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Song.gainstage"


def error_of(call, *arguments, kind=FileError, **options) -> str:
    with pytest.raises(kind) as error:
        call(*arguments, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_saved_session_is_loaded(path):
    stamp = save(SONG, path)
    loaded = load(path)
    assert loaded.session == SONG
    assert loaded.stamp == stamp


def test_stems_below_the_file_move_with_it(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    source = SourceRef(str(here / "stems" / "Vox.wav"))
    save(Session("Song", (StripState("s1", "Vox", source),)), here / "a.gainstage")
    here.rename(there)
    assert load(there / "a.gainstage").session.strips[0].source == SourceRef(str(there / "stems" / "Vox.wav"))


def test_saving_again_with_the_stamp_replaces_the_file(path):
    stamp = save(SONG, path)
    stamp = save(OTHER, path, expected=stamp)
    save(SONG, path, expected=stamp)
    assert load(path).session == SONG


def test_change_by_somebody_else_is_not_overwritten(path):
    stamp = save(SONG, path)
    times = path.stat()
    changed = path.read_text().replace("Vox", "Bax")
    path.write_text(changed)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # same size, same time
    line = error_of(save, OTHER, path, expected=stamp, kind=SaveConflictError)
    assert line.startswith(f'"{path}" was changed by somebody else since it was opened: save under another name')
    assert path.read_text() == changed


def test_conflict_can_be_overridden(path):
    stamp = save(SONG, path)
    path.write_text("mine")
    stamp = save(OTHER, path, expected=stamp, force=True)
    assert load(path).session == OTHER
    assert load(path).stamp == stamp


def test_touched_file_of_the_same_content_is_no_conflict(path):
    stamp = save(SONG, path)
    os.utime(path, (1, 1))
    save(OTHER, path, expected=stamp)


def test_file_that_vanished_is_written_again(path):
    stamp = save(SONG, path)
    path.unlink()
    save(OTHER, path, expected=stamp)
    assert load(path).session == OTHER


def test_unexpected_file_is_not_overwritten(path):
    path.write_text("somebody's")
    assert "exists already" in error_of(save, SONG, path, kind=SaveConflictError)
    assert path.read_text() == "somebody's"


@pytest.mark.parametrize("name", ["write", "fsync", "replace"])
def test_failed_save_leaves_the_old_file_and_no_litter(path, monkeypatch, name):
    stamp = save(SONG, path)
    before = path.read_bytes()

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if name == "write":
        monkeypatch.setattr("sessions.atomic_file.os.fdopen", _FullDisk)
    else:
        monkeypatch.setattr(f"sessions.atomic_file.os.{name}", full)
    line = error_of(save, OTHER, path, expected=stamp)
    assert line == f'cannot save "{path}": no space left on device; the file on disk is unchanged'
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


class _FullDisk:
    def __init__(self, descriptor, _mode):
        self._descriptor = descriptor

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        os.close(self._descriptor)

    def write(self, _content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_interrupt_while_writing_leaves_no_litter(path, monkeypatch):
    save(SONG, path)

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("sessions.atomic_file.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(OTHER, path, force=True)
    assert list(path.parent.iterdir()) == [path]


def test_content_is_on_the_disk_before_it_takes_the_name_and_the_folder_after(path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor):
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noted_replace(*arguments):
        order.append("rename")
        replace(*arguments)

    monkeypatch.setattr("sessions.atomic_file.os.fsync", noted_fsync)
    monkeypatch.setattr("sessions.atomic_file.os.replace", noted_replace)
    save(SONG, path)
    assert order == ["file", "rename", "folder"]


def test_litter_of_a_killed_save_is_no_obstacle(path):
    (path.parent / f".{path.name}.{os.getpid()}.tmp").write_text("half")
    save(SONG, path)
    assert list(path.parent.iterdir()) == [path]


def test_mode_of_the_file_is_kept(path):
    stamp = save(SONG, path)
    path.chmod(0o640)
    save(OTHER, path, expected=stamp)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_symbolic_link_stays_and_its_target_is_replaced(tmp_path):
    target, link = tmp_path / "target.gainstage", tmp_path / "link.gainstage"
    stamp = save(SONG, target)
    link.symlink_to(target)
    save(OTHER, link, expected=stamp)
    assert link.is_symlink()
    assert load(target).session == OTHER


def test_folder_that_is_missing_is_told(tmp_path):
    path = tmp_path / "nowhere" / "a.gainstage"
    assert error_of(save, SONG, path).startswith(f'cannot save "{path}": no such file or directory')
    assert error_of(load, path) == f'cannot read "{path}": no such file or directory'


def test_folder_in_the_place_of_the_file_is_told(tmp_path):
    assert error_of(load, tmp_path) == f'cannot read "{tmp_path}": is a directory'
    assert error_of(save, SONG, tmp_path).startswith(f'cannot save "{tmp_path}": is a directory')


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"version = 1\nname = \n", "line 2, column 8: invalid value"),
        (b"version = 9\n", "version 9 is newer than this program reads (2): update gainstage"),
        (b'version = 1\nname = "\xff"\n', "line 2: not UTF-8 text, so it is not a session"),
        (b"RIFF\x00\x00", "line 1, column"),
        (b"", "it has no version, so it is not a session of gainstage"),
        (b"#" * (MAX_BYTES + 1), "larger than 16 MB, so it is not a session"),
    ],
)
def test_what_is_no_session_is_told_with_file_and_place(path, content, fault):
    path.write_bytes(content)
    assert error_of(load, path).startswith(f'"{path}": {fault}')


def test_path_is_made_absolute_without_following_links(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert absolute(tmp_path.relative_to(tmp_path) / "link" / ".." / "a") == tmp_path / "a"
    assert absolute(type(tmp_path)("link/a")) == tmp_path / "link" / "a"
    assert str(absolute(type(tmp_path)("~/a"))) == "/home/me/a"


@pytest.mark.parametrize("name", ["a" * 300, "folder/" * 1000, "a\0b"])
def test_path_that_cannot_be_is_told_in_one_line(tmp_path, name):
    for line in (error_of(load, tmp_path / name), error_of(save, SONG, tmp_path / name)):
        assert "\n" not in line
        assert not is_folder(tmp_path / name)
        assert not is_file(tmp_path / name)


def test_pipe_is_told_and_not_waited_for(path):
    os.mkfifo(path)
    assert error_of(load, path) == f'cannot read "{path}": not a regular file'
    assert error_of(save, SONG, path).startswith(f'cannot save "{path}": not a regular file')
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_current_folder_that_is_gone_is_told(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert error_of(load, type(tmp_path)("a")) == '"a": the current folder is gone, give the path from the root'


def test_byte_order_mark_and_line_ends_of_other_systems_are_read_over(path):
    save(SONG, path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path).session == SONG


def test_read_only_file_stays(path, monkeypatch):
    stamp = save(SONG, path)
    before = path.read_bytes()
    path.chmod(0o444)
    # For root no file is read-only.
    monkeypatch.setattr("sessions.atomic_file.os.access", lambda file, mode: bool(file.stat().st_mode & 0o200))
    for force in (False, True):
        line = error_of(save, OTHER, path, expected=stamp, force=force)
        assert line == f'cannot save "{path}": permission denied; the file on disk is unchanged'
    assert path.read_bytes() == before
    save(OTHER, path.with_name("copy.gainstage"))


@pytest.mark.parametrize("name", ["音" * 81, os.fsdecode(b"\xff" * 244), "two\nlines"])
def test_every_name_that_a_file_may_have_can_be_saved_to(tmp_path, name):
    path = tmp_path / f"{name}{SUFFIX}"
    save(Session("Song"), path)
    assert list(tmp_path.iterdir()) == [path]
    assert load(path).session == Session("Song")
