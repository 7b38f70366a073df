"""What a command may write: checked against all that it reads before the first file is written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from msgspec import Struct

from handouts import output
from handouts.errors import OutputError, Source, UsageError
from handouts.inputs import same_file
from handouts.workspace import Workspace

#: Standard input and output, by their descriptors.
STDIN, STDOUT = 0, 1


class Targets(Struct, frozen=True):
    """The files that somebody named for a command to read, and whether it may replace others.

    ``private`` are those whose content comes into the results: who may not read them may not read
    these. A file behind standard input counts like one that is named.
    """

    workspace: Workspace
    private: tuple[Path | int, ...]
    others: tuple[Path, ...] = ()
    force: bool = False

    def demand(self, *results: Path | int, built: Sequence[Path] = ()) -> None:
        """Raise unless ``results`` may be written, and no two of all files are one.

        ``built`` are written on the way; that is done only to files of our own. UsageError for a
        file that the command reads, OutputError for one that is there (unless ``force``), for
        what is no file, and for one that handouts are made from.
        """
        named = [output.demand_file(one) for one in results if not isinstance(one, int)]
        files = [*map(output.demand_file, built), *named]
        for target in files:
            self.workspace.refuse_inputs(target)
        sources = (*self.private, *self.others)
        if any(same_file(one, source) for one in files[: len(built)] for source in sources):
            raise UsageError(
                "A handout would be built over a file that this command reads.",
                remedy="Name it as a condition or as a file, not as both.",
            )
        written: list[Path | int] = [*named, *(one for one in results if isinstance(one, int))]
        if any(same_file(one, source) for one in written for source in sources):
            raise UsageError(
                "The result would take the place of a file that this command reads.",
                remedy="Give it another name.",
            )
        if len(set(map(os.path.normcase, files))) < len(files):
            raise UsageError("Two results would be one file.", remedy="Give each its own name.")
        for target in named:
            if target.exists() and not self.force:
                raise OutputError(
                    "is already there.",
                    Source(str(target)),
                    "Give another name, or add --force to replace it.",
                )

    @contextmanager
    def written(self, files: Mapping[Path, bytes]) -> Iterator[None]:
        """As ``output.written``: all of ``files`` or none, for nobody who may not read the
        private ones; several belong together, so no other command puts its own between them.
        Raises as ``demand``, and OutputError.
        """
        self.demand(*files)
        first = next(iter(files), Path())
        one_by_one = output.alone(first.parent) if len(files) > 1 else nullcontext()
        with one_by_one, output.written(files, replace=self.force, private=self.private):
            yield
