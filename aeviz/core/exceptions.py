"""Give the one error that a user of the command line can mend.

Everything else that goes wrong is either a wrong argument from Python
(`ValueError`, `TypeError`), a path (`OSError`) or a defect of aeviz.
"""

__all__ = ["AevizError"]


class AevizError(ValueError):
    """Tell a user what was wrong, what was received and what is accepted, in one line."""
