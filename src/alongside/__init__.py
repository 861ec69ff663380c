"""Alongside: an open course for peer specialists, and the tools that run it.

`from alongside import Quiz` gives the notebook's quiz, `MyRecord` a reader's own record; nothing heavy is imported before
it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .mine import MyRecord
    from .widget import Quiz

__all__ = ["MyRecord", "Quiz"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Quiz":
        from .widget import Quiz

        return Quiz
    if name == "MyRecord":
        from .mine import MyRecord

        return MyRecord
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
