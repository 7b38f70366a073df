"""The content library: reading content files, with file and line in every finding."""

from handouts.library.load import APPROVALS, Library, languages, load_library

__all__ = ["APPROVALS", "Library", "languages", "load_library"]
