"""The selected strip's way in words: what its sound goes through, where it is sent, where it goes."""

from __future__ import annotations

from engine.mix import SEND_SLOTS
from tui.drawing import numbers
from tui.drawing.facts import SEND_CONTROLS, StripFacts
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import shown_text
from tui.drawing.palette import Role
from tui.styles import Look, Styles
from tui.widgets.route_rows import Reductions
from tui.widgets.spans import Span


def chain_spans(facts: StripFacts, reductions: Reductions, styles: Styles, glyphs: GlyphSet) -> list[Span]:
    """Inserts, sends and output; each insert and send can be clicked."""
    return [
        *_inserts(facts, reductions, styles, glyphs),
        *_sends(facts, styles, glyphs),
        *_output(facts, styles, glyphs),
    ]


def _inserts(facts: StripFacts, reductions: Reductions, styles: Styles, glyphs: GlyphSet) -> list[Span]:
    style = styles.id
    spans = []
    for slot in range(1, max(len(facts.slots), facts.slot or 0) + 1):
        insert, chosen = facts.insert(slot), facts.slot == slot
        if insert is None and not chosen:
            continue
        look = Look.BOLD | Look.UNDERLINE if chosen else Look.PLAIN
        name = "empty" if insert is None else f"({insert.short})" if insert.bypass else insert.short
        ink: Role = "dim" if insert is None or insert.bypass else "bright" if chosen else "text"
        action, weight = f"slot_{slot}", 0 if chosen else 2
        mark = glyphs.pointer if chosen else " "
        spans += [
            Span(f" {mark}{slot} ", style("dim", "panel"), weight, action),
            Span(name, style(ink, "panel", look), weight, action),
        ]
        reduction = reductions[slot - 1] if slot <= len(reductions) else 0
        if insert is not None and insert.reduces and not insert.bypass:
            text = f" -{reduction}" if reduction else " 0"
            spans.append(Span(f"{text:<4}", style("hot" if reduction else "dim", "panel"), weight, action))
    return spans


def _sends(facts: StripFacts, styles: Styles, glyphs: GlyphSet) -> list[Span]:
    style = styles.id
    spans = []
    for place in range(SEND_SLOTS):
        control = SEND_CONTROLS[place]
        send, active = facts.send(place), facts.active == control
        if send is None and (not active or facts.kind == "master"):
            continue
        ground: Role = "accent" if active else "panel"
        ink: Role = "on_accent" if active else "text"
        look = Look.BOLD if active else Look.PLAIN
        text = f" {'abcd'[place]}{glyphs.arrow}"
        if send is None:
            text += "nowhere"
        else:
            level = "mute" if send.mute else numbers.level_text(send.level_db, 5, glyphs.infinity)
            text += f"{shown_text(send.to.name)} {level}{' before fader' if send.before_fader else ''}"
        action = f"control_{control}"
        spans.append(Span("  ", style("text", "panel"), 0 if active else 3))
        spans.append(Span(f"{text} ", style(ink, ground, look), 0 if active else 3, action))
    return spans


def _output(facts: StripFacts, styles: Styles, glyphs: GlyphSet) -> list[Span]:
    if facts.kind == "master":
        return []
    output = facts.output
    name = "nowhere" if output is None else shown_text(output.name)
    ink: Role = "warning" if output is None else "text" if output.number else "dim"
    weight = 4 if output is not None and not output.number else 1
    return [Span(f"   {glyphs.arrow} {name} ", styles.id(ink, "panel"), weight, "output")]
