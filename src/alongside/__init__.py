"""Alongside: an open course for peer specialists, and the tools that run it.

`from alongside import Quiz` gives the notebook's quiz; nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .widget import Quiz

__all__ = ["Quiz"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Quiz":
        from .widget import Quiz

        return Quiz
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
