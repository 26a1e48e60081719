"""Folders of stems for tests: empty files, and a probe that says of them what the test wants."""

from dataclasses import dataclass, field
from pathlib import Path

from engine.notice import Notice
from engine.offline import StemError, StemInfo


@dataclass
class StemFolder:
    """A folder; the names of its files are given what their headers would say."""

    path: Path
    infos: dict[str, StemInfo | str] = field(default_factory=dict)
    probed: list[str] = field(default_factory=list)

    def add(self, name, *, rate_hz=48000, channels=1, frames=1000, stamp_s=None, warnings=(), fault=None) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self.infos[name] = fault or StemInfo(str(path), rate_hz, channels, frames, stamp_s, "WAV 24-bit", warnings)
        return path

    def add_all(self, *names, **values) -> None:
        for name in names:
            self.add(name, **values)

    def probe(self, path: Path) -> StemInfo:
        name = path.relative_to(self.path).as_posix()
        self.probed.append(name)
        info = self.infos[name]
        if isinstance(info, str):
            raise StemError(f"{name}: {info}")
        return info


def lines(notices: list[Notice]) -> list[str]:
    for notice in notices:
        assert "\n" not in notice.text
    return [notice.text for notice in notices]
