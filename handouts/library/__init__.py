"""The content library: reading content files, with file and line in every finding."""

from handouts.library.load import Library, load_library

__all__ = ["Library", "load_library"]
