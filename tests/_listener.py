"""Listen to the progress of a run."""

from __future__ import annotations

from aeviz.core.progress import Silent

__all__ = ["Listener"]


class Listener(Silent):
    """Remember which steps were done and which were kept, and stop where told to."""

    def __init__(self, stop_at: str | None = None) -> None:
        self.done: list[str] = []
        self.kept: list[str] = []
        self.messages: list[str] = []
        self.stop_at = stop_at

    def start(self, name):
        """Stop the run as Ctrl-C would."""
        if name == self.stop_at:
            raise KeyboardInterrupt

    def update(self, done, total, message=""):
        """Check what every step says of itself."""
        assert 0 <= done <= total
        self.messages.append(message)

    def finish(self, name, seconds):
        """Remember a step that was done."""
        self.done.append(name)

    def keep(self, name):
        """Remember a step that was not done again."""
        self.kept.append(name)
