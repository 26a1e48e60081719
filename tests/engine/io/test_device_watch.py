"""A lost device is looked for ever less often, without waiting for an audio system that hangs."""

from __future__ import annotations

from engine.io.device import Device, DeviceError
from engine.io.find_devices import DeviceWatch

WANTED = {"device": "Babyface", "host": "ALSA"}
BABYFACE = Device(3, "Babyface", "ALSA", 2, 48000, 0.01, False)


class FakeSearch:
    """A search that the test ends."""

    def __init__(self, wanted: dict[str, str | None]) -> None:
        self.wanted = wanted
        self.over = False
        self.is_cancelled = False
        self.answer: list[Device] | DeviceError = []

    def wait(self) -> list[Device]:
        assert self.over, "nobody may wait for it"
        if isinstance(self.answer, DeviceError):
            raise self.answer
        return self.answer

    def cancel(self) -> None:
        self.is_cancelled = True


class Watching:
    """A watch with a clock and searches in the test's hand."""

    def __init__(self, **wanted: float) -> None:
        self.now_s = 100.0
        self.searches: list[FakeSearch] = []
        self.watch = DeviceWatch("Babyface", "ALSA", search=self.search, clock=lambda: self.now_s, **wanted)  # type: ignore[arg-type]

    def search(self, wanted: dict[str, str | None]) -> FakeSearch:
        self.searches.append(FakeSearch(wanted))
        return self.searches[-1]

    def wait_for_search(self) -> float:
        """Time until the next search begins."""
        begun_s, before = self.now_s, len(self.searches)
        while len(self.searches) == before:
            assert not self.watch.found()
            self.now_s += 0.05
            assert self.now_s < begun_s + 100.0
        return self.now_s - begun_s

    def end_search(self, answer: list[Device] | DeviceError) -> bool:
        self.searches[-1].answer = answer
        self.searches[-1].over = True
        return self.watch.found()


def test_the_first_search_begins_after_a_moment_and_for_what_is_wanted() -> None:
    watching = Watching()
    assert 1.4 < watching.wait_for_search() < 1.7
    assert watching.searches[0].wanted == WANTED
    assert not watching.searches[0].over


def test_a_device_that_is_there_is_found() -> None:
    watching = Watching()
    watching.wait_for_search()
    assert not watching.watch.found()
    assert watching.end_search([BABYFACE])
    assert watching.watch.name == "Babyface"


def test_searches_become_rarer_up_to_a_quarter_of_a_minute() -> None:
    watching = Watching()
    waits = []
    for _ in range(14):
        waits.append(watching.wait_for_search())
        assert not watching.end_search([])
    assert waits == sorted(waits)
    assert 14.9 < waits[-1] < 15.2


def test_an_audio_system_that_fails_is_asked_again() -> None:
    watching = Watching()
    watching.wait_for_search()
    assert not watching.end_search(DeviceError("the audio system crashed while it was asked for its devices"))
    watching.wait_for_search()
    assert watching.end_search([BABYFACE])


def test_a_search_that_hangs_is_ended_and_another_one_follows() -> None:
    watching = Watching()
    watching.wait_for_search()
    for _ in range(180):
        watching.now_s += 0.05
        assert not watching.watch.found()
    assert watching.searches[0].is_cancelled
    watching.wait_for_search()
    assert watching.end_search([BABYFACE])


def test_there_is_one_search_at_a_time() -> None:
    watching = Watching()
    watching.wait_for_search()
    for _ in range(100):
        watching.now_s += 0.05
        watching.watch.found()
    assert len(watching.searches) == 1


def test_a_search_that_cannot_be_started_is_tried_again() -> None:
    watching = Watching()
    begin = watching.search
    failures = [OSError("Cannot allocate memory")]

    def search(wanted: dict[str, str | None]) -> FakeSearch:
        if failures:
            raise failures.pop()
        return begin(wanted)

    watching.watch = DeviceWatch("Babyface", "ALSA", search=search, clock=lambda: watching.now_s)  # type: ignore[arg-type]
    assert 9.0 < watching.wait_for_search() < 10.0
    assert not failures


def test_a_cancelled_watch_ends_its_search() -> None:
    watching = Watching()
    watching.watch.cancel()
    watching.wait_for_search()
    watching.watch.cancel()
    assert watching.searches[0].is_cancelled


def test_a_watch_that_follows_another_is_as_patient() -> None:
    watching = Watching()
    for _ in range(5):
        watching.wait_for_search()
        watching.end_search([])
    following = Watching(wait_s=watching.watch.wait_s)
    assert following.wait_for_search() > 4.0
