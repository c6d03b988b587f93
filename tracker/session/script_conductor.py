"""A guide that follows a script which is known beforehand."""

from collections.abc import Callable, Mapping

from tracker.model import Edge, Phase, PhaseKind, PhaseMark
from tracker.session.guide import COUNTED, Board
from tracker.session.prompt import Prompt


class ScriptConductor:
    """Follows a script that is known beforehand, as the simulated body does.

    Args:
        phases: phases by their times on the script.
        texts: what the person reads, by kind of phase.
        begins_s: when the script begins on the recording's time line; None while it has not begun.
    """

    def __init__(
        self,
        phases: tuple[Phase, ...],
        texts: Mapping[PhaseKind, str],
        begins_s: Callable[[], float | None],
        duration_s: float,
    ) -> None:
        self._phases = phases
        self._texts = texts
        self._begins_s = begins_s
        self._duration_s = duration_s
        edges = [(phase.start_s, Edge.START, phase) for phase in phases]
        edges += [(phase.end_s, Edge.END, phase) for phase in phases]
        self._edges = sorted(edges, key=lambda edge: (edge[0], edge[1] is Edge.START))
        self._open: Phase | None = None
        self._stopped = False

    @property
    def done(self) -> bool:
        """True when the script is over."""
        return self._stopped

    def advance(self, now_s: float, board: Board) -> list[PhaseMark]:
        """The marks that are due now."""
        begins_s = self._begins_s()
        marks: list[PhaseMark] = []
        while begins_s is not None and self._edges and begins_s + self._edges[0][0] <= now_s:
            _, edge, phase = self._edges.pop(0)
            marks.append(phase.mark(edge, now_s))
            self._open = phase if edge is Edge.START else None
            if edge is Edge.START and phase.kind in COUNTED:
                board.begin_set()
        if begins_s is not None and now_s >= begins_s + self._duration_s:
            self._stopped = True
        return marks

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, and the script."""
        self._stopped = True
        phase, self._open = self._open, None
        return [] if phase is None else [phase.mark(Edge.END, now_s)]

    def prompt(self, now_s: float) -> Prompt:
        """The phase that is on, or the one that comes."""
        begins_s = self._begins_s()
        if begins_s is None:
            return Prompt("The sensors begin to send.")
        if self._open is not None:
            text = self._texts[self._open.kind]
            return Prompt(text, self._open.kind, True, begins_s + self._open.end_s - now_s)
        if not self._edges:
            return Prompt("Done.")
        start_s, _, phase = self._edges[0]
        return Prompt(self._texts[phase.kind], phase.kind, False, begins_s + start_s - now_s)
