import numpy as np
import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from textual.geometry import Region

from tests.tui.terminal import cells, feed
from tui.drawing.palette import CVD
from tui.painter import Painter
from tui.styles import Look, Styles
from tui.surface import Surface, runs

WIDTH, HEIGHT = 24, 5
ROLES = ("text", "dim", "accent", "hot")
GROUNDS = ("desk", "strip", "trough")
writings = st.lists(
    st.tuples(
        st.integers(-3, WIDTH),
        st.integers(0, HEIGHT - 1),
        st.text(alphabet="ab █▄ 弦楽 ", min_size=1, max_size=8),
        st.sampled_from(ROLES),
        st.sampled_from(GROUNDS),
        st.sampled_from([Look.PLAIN, Look.BOLD, Look.REVERSE]),
    ),
    max_size=12,
)


def placed_surface() -> Surface:
    surface = Surface(Styles())
    surface.resize(WIDTH, HEIGHT)
    surface.canvas(Region(0, 0, WIDTH, HEIGHT)).fill(surface.styles.id("text", "desk"))
    surface.place(Region(0, 0, WIDTH, HEIGHT))
    return surface


def write(surface: Surface, writing: list) -> None:
    canvas = surface.canvas(Region(0, 0, WIDTH, HEIGHT))
    canvas.fill(surface.styles.id("text", "desk"))
    taken: set[tuple[int, int]] = set()
    for x, y, text, role, ground, look in writing:
        span = {(column, y) for column in range(x - 1, x + 2 * len(text) + 1)}
        if span & taken or x < 0 or x + 2 * len(text) > WIDTH:  # the mixer never halves a wide character
            continue
        taken |= span
        canvas.text(x, y, text, surface.styles.id(role, ground, look))


def repaint(surface: Surface) -> pyte.Screen:
    screen = pyte.Screen(WIDTH, HEIGHT)
    console = Console(color_system="truecolor", force_terminal=True)
    for y in range(HEIGHT):
        feed(screen, f"\x1b[{y + 1};1H{surface.row(y, 0, WIDTH).render(console)}")
    return screen


@settings(deadline=None, max_examples=60)
@given(st.lists(writings, min_size=1, max_size=5))
def test_painted_and_repainted_screens_are_the_same(frames: list) -> None:
    surface = placed_surface()
    painter = Painter(surface)
    screen = repaint(surface)
    for writing in frames:
        write(surface, writing)
        feed(screen, painter.frame())
        assert cells(screen) == cells(repaint(surface))
        assert painter.frame() == ""


def test_nothing_changed_costs_nothing() -> None:
    assert Painter(placed_surface()).frame() == ""


def test_covered_and_unplaced_cells_are_left_alone() -> None:
    surface = Surface(Styles())
    surface.resize(WIDTH, HEIGHT)
    surface.place(Region(0, 0, WIDTH, 2))
    painter = Painter(surface)
    covered = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    covered[0, 4:8] = True
    painter.cover(covered)
    surface.canvas(Region(0, 0, WIDTH, HEIGHT)).fill(surface.styles.id("text", "desk"), "x")
    painting = painter.frame()
    assert painting.count("x") == 2 * WIDTH - 4
    painter.cover(None)
    assert painter.frame().count("x") == 4


def test_a_stock_repaint_shows_what_the_terminal_shows_and_not_what_is_wanted() -> None:
    surface = placed_surface()
    surface.canvas(Region(0, 0, WIDTH, 1)).text(0, 0, "later", surface.styles.id("text", "desk"))
    assert "later" not in surface.row(0, 0, WIDTH).text
    Painter(surface).frame()
    assert "later" in surface.row(0, 0, WIDTH).text


def test_another_palette_shows_without_drawing_anew() -> None:
    surface = placed_surface()
    canvas = surface.canvas(Region(0, 0, WIDTH, HEIGHT))
    canvas.text(0, 0, "hot", surface.styles.id("hot", "strip"))
    painter = Painter(surface)
    painter.frame()
    before = repaint(surface)
    surface.styles.use(CVD, "rgb", (), ColorSystem.TRUECOLOR)
    surface.restyle()
    after = repaint(surface)
    assert before.buffer[0][0].fg == "f0a92c"
    assert after.buffer[0][0].fg == "e69f00"


def test_text_is_cut_and_filled_to_its_width() -> None:
    surface = placed_surface()
    canvas = surface.canvas(Region(2, 1, 10, 2))
    style = surface.styles.id("text", "desk")
    assert canvas.text(0, 0, "abcdefgh", style, 4) == 4
    assert canvas.text(0, 1, "弦楽", style, 5, "right") == 5
    assert canvas.text(0, 9, "outside", style) == 0
    assert "".join(text for text, _ in runs(surface.wanted[1])) == "  abcd" + " " * 18
    assert "".join(text for text, _ in runs(surface.wanted[2])).rstrip() == "   弦楽"


def test_only_changes_of_style_are_told() -> None:
    styles = Styles()
    text, dim, chip = styles.id("text", "desk"), styles.id("dim", "desk"), styles.id("text", "chip")
    _, state = styles.step(0, text, blank=False)
    assert styles.step(state, text, blank=False)[0] == ""
    assert styles.step(state, dim, blank=True)[0] == ""
    assert styles.step(state, dim, blank=False)[0].count("38;2") == 1
    code, _ = styles.step(state, chip, blank=True)
    assert "48;2" in code
    assert "38;2" not in code
