import pytest
from rich.color import Color, ColorSystem

from tui.drawing.glyphs import ASCII, FULL, LINUX, GlyphSet, choose
from tui.drawing.palette import PALETTES, Palette

ZONES = ("low", "target", "hot", "over")


def luminance(rgb: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(rgb[start : start + 2], 16) / 255.0 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2): 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_palette_has_every_colour(palette: Palette) -> None:
    assert set(palette.inks) == set(PALETTES["classic"].inks)


@pytest.mark.parametrize("kind", ["rgb", "indexed_rgb"])
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_what_is_written_can_be_read(palette: Palette, kind: str) -> None:
    inks = {role: getattr(ink, kind) for role, ink in palette.inks.items()}
    for ground in ("desk", "strip", "strip_selected", "bar", "panel"):
        assert contrast(inks["text"], inks[ground]) >= 5.5, ground
        assert contrast(inks["dim"], inks[ground]) >= 3.0, ground
        assert contrast(inks["accent"], inks[ground]) >= 3.0, ground
    for light in ("accent",):
        assert contrast(inks["on_accent"], inks[light]) >= 5.0
    for light in ("ok", "warning", "over", "cap", "mute", "solo", "polarity"):
        assert contrast(inks["on_light"], inks[light]) >= 3.5, light


@pytest.mark.parametrize("kind", ["rgb", "indexed_rgb"])
def test_zones_differ_by_luminance_where_hue_may_not_be_seen(kind: str) -> None:
    for name in ("cvd", "mono", "contrast"):
        inks = PALETTES[name].inks
        levels = [luminance(getattr(inks[zone], kind)) for zone in ZONES]
        if name == "contrast":
            levels = levels[:3]  # what is over has a sign of its own
        assert levels == sorted(levels), name
    assert PALETTES["mono"].textured


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_256_colours_are_told_by_their_own_number(palette: Palette) -> None:
    for role, ink in palette.inks.items():
        assert Color.parse(ink.indexed_rgb).downgrade(ColorSystem.EIGHT_BIT).number == ink.index, role
        assert 0 <= ink.basic <= 7


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_zones_differ_in_8_colours_or_by_their_filling(palette: Palette) -> None:
    basics = [palette.inks[zone].basic for zone in ZONES]
    assert len(set(basics)) == len(ZONES) or palette.textured


@pytest.mark.parametrize("glyphs", [FULL, LINUX, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_glyph_is_one_cell_of_its_set(glyphs: GlyphSet) -> None:
    from rich.cells import cell_len

    longer = {"name": 5, "bar": 9, "hold": 3, "cap": 3, "pan": 3, "infinity": 4}
    for field in glyphs.__slots__:
        value = getattr(glyphs, field)
        texts = list(value.values()) if isinstance(value, dict) else [value] if value is not None else []
        for text in texts:
            assert cell_len(text) <= longer.get(field, 1), field
            assert cell_len(text) == len(text), field
            if glyphs is ASCII:
                assert text.isascii(), field
    if glyphs is LINUX:
        assert not set("▁▂▃▅▆▇▔") & set("".join(str(getattr(glyphs, field)) for field in glyphs.__slots__))
    assert len({glyphs.texture[zone] for zone in ZONES}) == len(ZONES)


@pytest.mark.parametrize(
    ("term", "encoding", "ascii_only", "name"),
    [
        ("xterm-256color", "UTF-8", False, "full"),
        ("linux", "utf-8", False, "linux"),
        ("xterm", "ANSI_X3.4-1968", False, "ascii"),
        ("linux", "UTF-8", True, "ascii"),
        ("tmux-256color", "utf8", False, "full"),
    ],
)
def test_the_glyphs_suit_the_terminal(term: str, encoding: str, ascii_only: bool, name: str) -> None:
    assert choose({"TERM": term}, encoding, ascii_only).name == name
