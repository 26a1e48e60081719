"""The set-up script on machines that lack something: it installs what it may, and says in one line what it may not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "setup.sh"
TOOLS = ("sh", "cat", "env", "grep", "ls", "mktemp", "rm", "tail", "true")


class Machine:
    """A machine with a handful of programs; `did` are the calls of those that change it."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder / "bin"
        self._programs.mkdir()
        self._diary = folder / "diary"
        self._diary.touch()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self._programs / tool).symlink_to(found)
        self.has("uname", "echo Linux")
        self.has("ldconfig", "true")
        self.has("id", "echo 1000")

    def has(self, program: str, script: str = "true") -> None:
        path = self._programs / program
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def has_apt(self, *, knows_packages: bool = True) -> None:
        """Packages are found at once, or after an update of the lists."""
        lists = self._diary.with_name("lists")
        if knows_packages:
            lists.touch()
        script = """case "$*" in
    *install*) [ -e LISTS ] || exit 100; echo "$*" >>DIARY ;;
    *update*) : >LISTS; echo update >>DIARY ;;
esac"""
        self.has("apt-get", script.replace("LISTS", str(lists)).replace("DIARY", str(self._diary)))

    def run(self, *step: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", SCRIPT, *step],
            env={"PATH": str(self._programs)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30.0,
            check=False,
        )

    @property
    def did(self) -> list[str]:
        return self._diary.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_done_where_portaudio_is(machine: Machine) -> None:
    machine.has("ldconfig", "echo '  libportaudio.so.2 (libc6,x86-64) => /lib/libportaudio.so.2'")
    machine.has_apt()
    done = machine.run("portaudio")
    assert (done.returncode, done.stdout, done.stderr, machine.did) == (0, "", "", [])


def test_without_rights_one_line_says_what_to_type_and_the_program_starts_all_the_same(machine: Machine) -> None:
    machine.has_apt()
    done = machine.run("portaudio")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "gainstage: sound needs PortAudio, silent clock until then: type  sudo apt-get install libportaudio2"
    ]
    assert machine.did == []


def test_a_sudo_that_asks_for_a_password_is_no_right(machine: Machine) -> None:
    machine.has_apt()
    machine.has("sudo", "exit 1")
    assert len(machine.run("portaudio").stderr.splitlines()) == 1
    assert machine.did == []


def test_without_apt_one_line_names_the_package(machine: Machine) -> None:
    done = machine.run("portaudio")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "gainstage: sound needs PortAudio, silent clock until then: install what Debian calls  libportaudio2"
    ]


@pytest.mark.parametrize("way", ["root", "sudo"])
def test_with_rights_the_library_is_installed_without_a_question(machine: Machine, way: str) -> None:
    machine.has_apt()
    if way == "root":
        machine.has("id", "echo 0")
    else:
        machine.has("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    done = machine.run("portaudio")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert len(machine.did) == 1
    assert machine.did[0].endswith("install -y --no-install-recommends libportaudio2")


def test_package_lists_are_only_fetched_where_they_are_missing(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has_apt(knows_packages=False)
    assert machine.run("portaudio").returncode == 0
    assert [what.split()[-1] for what in machine.did] == ["update", "libportaudio2"]


def test_the_tests_get_what_is_missing_and_only_that(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has_apt()
    machine.has("tmux")
    machine.has("pulseaudio")
    machine.has("parec")
    machine.run("test-servers")
    assert "jackd2" in machine.did[0]
    assert "tmux" not in machine.did[0]
    assert "pulseaudio" not in machine.did[0]


def test_an_old_python_is_named_in_one_line(machine: Machine, tmp_path: Path) -> None:
    machine.has("python3", 'case "$2" in *version_info*) exit 1;; *) echo 3.10.12;; esac')
    done = machine.run("venv", "python3", str(tmp_path / "venv"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "gainstage: Python 3.11 or newer is needed, python3 is 3.10.12 (say which with: make PYTHON=python3.12)"
    ]


def test_a_python_without_venv_says_what_to_type(machine: Machine, tmp_path: Path) -> None:
    machine.has_apt()
    machine.has("python3", 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.11;; esac')
    done = machine.run("venv", "python3", str(tmp_path / "venv"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "gainstage: virtual environments for python3.11: type  sudo apt-get install python3.11-venv"
    ]
