"""The PDF stage: a Document becomes tagged bytes. Knows nothing of conditions or templates.

What authors of documents of their own use is here: ``render``, ``drawn`` and ``font_names``
(``docs/drawing.md``). Each is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handouts.pdf.drawing import drawn, font_names
    from handouts.pdf.rendering import render

__all__ = ["drawn", "font_names", "render"]

# ReportLab runs modules of these names, or else files in the home folder (~/.reportlab_mods).
for _name in ("reportlab_settings", "reportlab_mods"):
    sys.modules.setdefault(_name, ModuleType(_name))

_MODULES = {"drawn": "drawing", "font_names": "drawing", "render": "rendering"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"handouts.pdf.{_MODULES[name]}"), name)
