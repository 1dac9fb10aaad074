"""The circuits of the comparison with other simulators: each module has a list of `Circuit`s by field."""
import os
from dataclasses import dataclass, replace
from typing import Callable


@dataclass
class Circuit:
    """A deck and the vector whose error is quoted."""

    name: str
    #: What a reader wants to know of it.
    about: str
    #: Makes the lines of the deck without title and `.end`.
    lines: Callable[[], list]
    #: Vector whose error is quoted, in ngspice's spelling; none: nothing is compared.
    vector: str | None
    #: Relative tolerance of the reference run.
    tight: float = 1e-6
    #: `common`: ngspice's own tight run would take too long, and both are compared with Ferrospice's.
    slow: str | None = None
    #: Oscillators are compared by their period at this level: their phase wanders with every rounding.
    level: float | None = None
    #: Waveforms that jump are compared by when they cross this level, relative to the time between crossings.
    edges: float | None = None
    #: A text in the deck and what else it may be: where all of the error is the time of one edge, one deck is one draw, and the error
    #: quoted is the root mean square over all these.
    draws: tuple[str, list[str]] | None = None

    def text(self):
        return "\n".join([f"* {self.about}"] + self.lines() + [".end"]) + "\n"

    def drawn(self):
        """The other decks."""
        before, others = self.draws or ("", [])
        change = lambda after: [line.replace(before, after) for line in self.lines()]
        return [
            replace(self, name=f"{self.name}_{number}", lines=lambda after=after: change(after), draws=None)
            for number, after in enumerate(others, 1)
        ]


def deck(name):
    """The lines of benchmarks/decks/NAME.cir."""
    with open(os.path.join(os.path.dirname(__file__), "..", "decks", name + ".cir"), encoding="utf-8") as file:
        return file.read().splitlines()[1:-1]


def models_of(reference):
    """The model cards of tests/references/REFERENCE."""
    path = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "references", reference)
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()[1:]
    rest = next(number for number, line in enumerate(lines) if not line.startswith((".model", "+")))
    return lines[:rest]
