"""Delivery profiles: what a mix is to be like where it goes. Data, each with its source, its status and its date.

Most streaming platforms publish no target, and those there are change: `status` says whether the platform itself says
so or others have measured it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sessions.values import SessionError, nearest_hint

Status = Literal["published", "reported", "house rule"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Windows of integrated loudness, of the sample peak and of the true peak; None where nothing is asked for."""

    id: str
    label: str
    source: str
    status: Status
    date: str
    lowest_lufs: float | None = None
    highest_lufs: float | None = None
    lowest_peak_dbfs: float | None = None
    highest_peak_dbfs: float | None = None
    highest_true_peak_dbtp: float | None = None
    highest_short_term_lufs: float | None = None
    allows_limiter: bool = True
    """Whether there may be a limiter on the master."""
    is_static_mix: bool = False
    """Whether the master's average is to be about -18 dBFS: what is delivered is to be mastered."""


_ALL: Final = (
    Profile(
        "premaster", "Premaster", "gain-staging practice", "house rule", "2026",
        -18.0, -16.0, -6.0, -3.0, allows_limiter=False, is_static_mix=True,
    ),
    Profile("streaming", "Streaming", "gain-staging practice", "house rule", "2026", -16.0, -14.0, None, None, -1.0),
    Profile("cd", "CD", "gain-staging practice", "house rule", "2026", highest_true_peak_dbtp=-1.0),
    Profile("r128", "EBU R 128", "EBU R 128 v5", "published", "2023", -24.0, -22.0, highest_true_peak_dbtp=-1.0),
    Profile(
        "r128-s1", "EBU R 128 s1, short-form", "EBU R 128 s1", "published", "2023",
        -24.0, -22.0, highest_true_peak_dbtp=-1.0, highest_short_term_lufs=-18.0,
    ),
    Profile("r128-s2", "EBU R 128 s2, streaming", "EBU R 128 s2", "published", "2023", -20.0, -16.0, None, None, -1.0),
    Profile("a85", "ATSC A/85", "ATSC A/85", "published", "2013", -26.0, -22.0, highest_true_peak_dbtp=-2.0),
    Profile("td1008", "AES TD1008, music", "AES TD1008", "published", "2021", -17.0, -15.0, None, None, -1.0),
    Profile("spotify", "Spotify", "Spotify for Artists", "published", "2026", -15.0, -13.0, None, None, -1.0),
    Profile("apple-podcasts", "Apple Podcasts", "Apple Podcasts", "published", "2026", -17.0, -15.0, None, None, -1.0),
    Profile("apple-music", "Apple Music", "Sound Check", "reported", "2026", -17.0, -15.0, None, None, -1.0),
    Profile("youtube", "YouTube", "third-party measurements", "reported", "2026", -15.0, -13.0),
    Profile("tidal", "Tidal", "third-party measurements", "reported", "2026", -15.0, -13.0, None, None, -1.0),
    Profile("amazon", "Amazon Music", "third-party measurements", "reported", "2026", -15.0, -13.0, None, None, -2.0),
    Profile("deezer", "Deezer", "third-party measurements", "reported", "2026", -16.0, -14.0, None, None, -1.0),
)  # fmt: skip

PROFILES: Final = {profile.id: profile for profile in _ALL}
"""By id, in the order in which they are offered."""
PREMASTER: Final = PROFILES["premaster"]


def profile_of(identity: str) -> Profile:
    """The profile of that id. Raises a `SessionError` that names the nearest."""
    found = PROFILES.get(identity)
    if found is None:
        raise SessionError(f'--profile "{identity}": there is no such profile, {nearest_hint(identity, PROFILES)}')
    return found
