import pytest

from sessions import relink
from sessions.edits import RelinkStem
from sessions.model import Session, SessionError, SourceRef, StripState
from sessions.relink import find_relinks, missing_stems


def session_of(*sources: SourceRef | None) -> Session:
    return Session(
        "Song", tuple(StripState(f"s{n}", f"Strip {n}", source) for n, source in enumerate(sources, start=1))
    )


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return str(path)


def test_strip_is_missing_if_any_of_its_files_is(tmp_path):
    there = touch(tmp_path / "a.wav")
    session = session_of(
        SourceRef(there),
        SourceRef(there, str(tmp_path / "gone.wav")),
        SourceRef("/gone/b.wav"),
        None,
        SourceRef(str(tmp_path)),
    )
    assert missing_stems(session) == {"s2", "s3", "s5"}


def test_files_of_the_same_names_are_found_below(tmp_path):
    vox, left = touch(tmp_path / "new" / "Vox.wav"), touch(tmp_path / "new" / "deep" / "Pad.L.wav")
    right = touch(tmp_path / "new" / "deep" / "Pad.R.wav")
    kept = touch(tmp_path / "old" / "Kick.wav")
    session = session_of(
        SourceRef("/gone/Vox.wav"), SourceRef("/gone/Pad.L.wav", "/gone/Pad.R.wav"), SourceRef(kept), None
    )
    edits, notices = find_relinks(session, tmp_path / "new")
    assert edits == [RelinkStem("s1", vox), RelinkStem("s2", left, right)]
    assert notices == []


def test_side_that_is_still_there_stays(tmp_path):
    left = touch(tmp_path / "old" / "Pad.L.wav")
    right = touch(tmp_path / "new" / "Pad.R.wav")
    session = session_of(SourceRef(left, str(tmp_path / "old" / "Pad.R.wav")))
    assert find_relinks(session, tmp_path / "new")[0] == [RelinkStem("s1", left, right)]


def test_case_counts_only_where_a_name_fits_exactly(tmp_path):
    lower = touch(tmp_path / "vox.wav")
    session = session_of(SourceRef("/gone/Vox.wav"))
    assert find_relinks(session, tmp_path)[0] == [RelinkStem("s1", lower)]
    exact = touch(tmp_path / "z" / "Vox.wav")
    assert find_relinks(session, tmp_path)[0] == [RelinkStem("s1", exact)]


def test_folders_that_agree_decide_between_files_of_one_name(tmp_path):
    touch(tmp_path / "Song A" / "stems" / "Vox.wav")
    wanted = touch(tmp_path / "Song B" / "stems" / "Vox.wav")
    session = session_of(SourceRef("/gone/Song B/stems/Vox.wav"))
    assert find_relinks(session, tmp_path)[0] == [RelinkStem("s1", wanted)]


def test_where_nothing_decides_none_is_taken(tmp_path):
    touch(tmp_path / "a" / "Vox.wav")
    touch(tmp_path / "b" / "Vox.wav")
    session = session_of(SourceRef("/gone/Vox.wav"), SourceRef("/gone/Kick.wav"))
    edits, notices = find_relinks(session, tmp_path)
    assert edits == []
    assert [notice.text for notice in notices] == [
        "several files of the same name, relink one by one: Strip 1",
        f'not found in "{tmp_path}": Strip 2',
    ]


def test_pair_with_one_side_missing_for_good_is_not_relinked(tmp_path):
    touch(tmp_path / "Pad.L.wav")
    edits, [notice] = find_relinks(session_of(SourceRef("/gone/Pad.L.wav", "/gone/Pad.R.wav")), tmp_path)
    assert edits == []
    assert notice.text.endswith(": Strip 1")


def test_hidden_folders_are_not_searched(tmp_path):
    touch(tmp_path / ".trash" / "Vox.wav")
    assert find_relinks(session_of(SourceRef("/gone/Vox.wav")), tmp_path)[0] == []


def test_search_has_an_end(tmp_path, monkeypatch):
    for number in range(10):
        touch(tmp_path / f"{number}.wav")
    monkeypatch.setattr(relink, "MAX_FILES", 5)
    _, notices = find_relinks(session_of(SourceRef("/gone/Vox.wav")), tmp_path)
    assert notices[0].text == f'"{tmp_path}" holds more than 5 files: not all were looked at'


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(SessionError, match=r"is no folder$"):
        find_relinks(session_of(), tmp_path / "nowhere")


def test_folder_that_cannot_be_looked_at_is_refused(tmp_path):
    with pytest.raises(SessionError, match="is no folder"):
        find_relinks(Session("Song"), tmp_path / ("a" * 300))


def test_folder_is_named_in_one_line(tmp_path):
    folder = tmp_path / "a\nb"
    folder.mkdir()
    session = Session("Song", (StripState("s1", "Vox", SourceRef("/gone/Vox.wav")),))
    [notice] = find_relinks(session, folder)[1]
    assert notice.text == f'not found in "{tmp_path}/a\\nb": Vox'
