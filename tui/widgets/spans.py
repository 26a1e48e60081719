"""A line of text in pieces, with places that can be clicked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from tui.drawing.names import cut
from tui.surface import Canvas


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line: text, style, and the action a click on it asks for.

    Where the line is short, spans of the highest `weight` are left out first; weight 0 stays and is cut.
    """

    text: str
    style: int
    weight: int = 0
    action_id: str | None = None

    @property
    def width(self) -> int:
        """Its cells."""
        return cell_len(self.text)


def fit(spans: Iterable[Span], width: int) -> list[Span]:
    """The spans that fit into a width, without the least important; neighbours of one weight go together."""
    kept = list(spans)
    while sum(span.width for span in kept) > width:
        heaviest = max((span.weight for span in kept), default=0)
        if not heaviest:
            break
        last = max(index for index, span in enumerate(kept) if span.weight == heaviest)
        first = last
        while first and kept[first - 1].weight == heaviest:
            first -= 1
        del kept[first : last + 1]
    return kept


def draw_spans(canvas: Canvas, y: int, spans: Iterable[Span], x: int = 0) -> list[tuple[int, int, str]]:
    """Write spans from a column on; returns (first column, column after, action) of those that can be clicked."""
    targets: list[tuple[int, int, str]] = []
    for span in spans:
        if x >= canvas.width:
            break
        end = canvas.text(x, y, cut(span.text, canvas.width - x), span.style)
        if span.action_id is not None:
            targets.append((x, end, span.action_id))
        x = end
    return targets


def action_at(targets: Iterable[tuple[int, int, str]], x: int) -> str | None:
    """The action at a column."""
    for first, end, action_id in targets:
        if first <= x < end:
            return action_id
    return None
