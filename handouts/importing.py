"""Where code may come from: the Python installation, never the folder that somebody works in.

What is imported here is loaded when Python starts, so that nothing is searched for yet.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: The folder in which the package lies: that of an installation, or a checkout.
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: The command that reads a letter in a child process; the package's folder is its first argument,
#: and is not searched for anything else.
CHILD = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import handouts; del sys.path[0]; "
    "from handouts.attach.worker import main; main()"
)


def trusted_path() -> list[str]:
    """``sys.path`` without the current folder, and without a checkout's.

    What lies beside ``generate.py`` is no module. The package itself, once it is imported, finds
    its own modules all the same.
    """
    home = os.path.realpath(HOME)
    try:
        refused = {os.path.realpath(os.getcwd())} - {home}
    except OSError:  # it was deleted
        refused = set()
    if os.path.isfile(os.path.join(home, "generate.py")):
        refused.add(home)
    return [entry for entry in sys.path if entry and os.path.realpath(entry) not in refused]


@contextmanager
def found_by_children() -> Iterator[None]:
    """Processes that ``multiprocessing`` starts within find the package, and nothing in the folder
    that somebody works in; they set their own path right with ``trusted_path``."""
    before, safe = list(sys.path), os.environ.get("PYTHONSAFEPATH")
    sys.path.append(HOME)
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        sys.path[:] = before
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = safe
