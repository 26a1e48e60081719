#!/bin/sh
# Set-up on Debian and Ubuntu, one step per call; each step does nothing where nothing is missing.
#
#   setup.sh venv PYTHON FOLDER     a virtual environment
#   setup.sh install FOLDER WHAT    the program (".") or the program with its tests (".[dev]") into it, editable
#   setup.sh portaudio              the library that speaks to the audio interface
#   setup.sh test-servers           the audio servers and the terminal that the tests drive
#
# System packages are installed as root or with sudo that asks for no password. Where that is not possible, one line
# says what to type. Without PortAudio the program plays to a silent clock, so that is no failure.
set -eu
PATH=$PATH:/usr/sbin:/sbin
export DEBIAN_FRONTEND=noninteractive

say() { echo "gainstage: $*" >&2; }

# Runs a command silently; on failure shows the end of what it said.
quietly() {
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then rm -f "$log"; return 0; fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

apt_get() { as_root apt-get -q -o DPkg::Lock::Timeout=180 "$@" </dev/null; }

apt_install() { apt_get install -y --no-install-recommends "$@"; }

# packages WHAT-FOR NAME...: installs them; the package lists are only fetched when they turn out to be missing or old.
packages() {
    purpose=$1
    shift
    if ! may_install; then
        if command -v apt-get >/dev/null; then say "$purpose: type  sudo apt-get install $*"
        else say "$purpose: install what Debian calls  $*"; fi
        return 1
    fi
    say "installing $* ($purpose)"
    apt_install "$@" >/dev/null 2>&1 && return 0
    quietly apt_get update || true
    quietly apt_install "$@" || { say "$purpose: could not be installed; try  sudo apt-get install $*"; return 1; }
}

make_venv() {
    python=$1 folder=$2
    if ! command -v "$python" >/dev/null; then
        [ "$python" = python3 ] && packages "Python" python3 python3-venv || exit 1
    fi
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "Python 3.11 or newer is needed, $python is $("$python" -c 'import platform; print(platform.python_version())')" \
            "(say which with: make PYTHON=python3.12)"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        packages "virtual environments for $version" "$version-venv" || exit 1
    fi
    quietly "$python" -m venv --clear "$folder"
}

install_into() {
    say "installing the program and its libraries into $1 (only after a change of pyproject.toml)"
    quietly "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --editable "$2"
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1"; }

portaudio() {
    [ "$(uname -s)" = Linux ] || return 0    # elsewhere sounddevice brings the library along
    has_library libportaudio.so.2 || packages "sound needs PortAudio, silent clock until then" libportaudio2 || true
}

test_servers() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=""
    command -v jackd >/dev/null || missing="$missing jackd2"
    command -v tmux >/dev/null || missing="$missing tmux"
    command -v pulseaudio >/dev/null || missing="$missing pulseaudio"
    command -v parec >/dev/null || missing="$missing pulseaudio-utils"
    ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1 || missing="$missing libasound2-plugins"
    # shellcheck disable=SC2086 # one word per package
    [ -z "$missing" ] || packages "tests need audio servers and tmux" $missing || true
}

step=$1
shift
case $step in
    venv) make_venv "$@" ;;
    install) install_into "$@" ;;
    portaudio) portaudio ;;
    test-servers) test_servers ;;
    *) say "unknown step $step"; exit 2 ;;
esac
