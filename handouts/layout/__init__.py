"""Layouts: templates and styles that turn a Handout into a Document."""

from handouts.layout.folder import Layout, load_layout
from handouts.layout.place import demand_personal, demand_room, lay_out, lay_out_for_print
from handouts.layout.trial import check_layout

__all__ = [
    "Layout",
    "check_layout",
    "demand_personal",
    "demand_room",
    "lay_out",
    "lay_out_for_print",
    "load_layout",
]
