"""A widget that draws on the shared surface instead of rendering itself."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.plan import LEAST_HEIGHT, LEAST_WIDTH
from tui.surface import Canvas, Surface


class SurfaceWidget(Widget):
    """Base of the mixer's widgets: `draw` puts the whole widget onto a canvas, the painter brings it to the terminal.

    `changed` draws again what has changed; `render_lines` serves stock repaints (layouts, closing dialogs) with what
    the terminal shows.
    """

    def __init__(self, surface: Surface, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.surface = surface
        self._placed: tuple[int, Region] | None = None

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw again, if it has been laid out: what differs goes out with the next frame."""
        canvas = self.canvas()
        if canvas is not None:
            self.draw(canvas)

    def canvas(self) -> Canvas | None:
        """What it draws on; None before it is laid out, and while another widget has its place."""
        if self._placed is None or self._placed[0] != self.surface.generation or not self.display:
            return None
        return self.surface.canvas(self._placed[1])

    @property
    def is_too_small(self) -> bool:
        """Whether the terminal has no room for a mixer at all."""
        return self.surface.width < LEAST_WIDTH or self.surface.height < LEAST_HEIGHT

    def say_too_small(self, canvas: Canvas) -> None:
        """Draw what is needed instead of what there is no room for."""
        words, style = f"too small: {LEAST_WIDTH} x {LEAST_HEIGHT} cells are needed", self.surface.styles.id
        canvas.fill(style("text", "desk"))
        canvas.text(0, canvas.height // 2, words, style("warning", "desk"), canvas.width, "centre")

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a stock repaint."""
        surface = self.surface
        width, height = self.app.size
        if (surface.width, surface.height) != (width, height):
            surface.resize(width, height)
        region = self.region
        if self._placed != (surface.generation, region):
            self._placed = (surface.generation, region)
            self.draw(surface.canvas(region))
            surface.place(region)
        rows = range(region.y + crop.y, region.y + crop.bottom)
        return [surface.row(y, region.x + crop.x, crop.width) for y in rows if 0 <= y < surface.height]
