"""The content library: reading content files, with file and line in every finding."""

from handouts.library.load import APPROVALS, Library, load_library

__all__ = ["APPROVALS", "Library", "load_library"]
