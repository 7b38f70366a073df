"""Join a handout to a letter as an incremental update: the letter's bytes stay a prefix."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Final

from handouts.attach.claims import (
    confirm_pdf_a,
    joint_claims,
    keep_metadata,
    settle_claims,
)
from handouts.attach.headings import settle_headings
from handouts.attach.importer import Importer, add_pages
from handouts.attach.opening import MALFORMED, Opened, decide, open_handout, open_pdf
from handouts.attach.options import Check, History, JoinOptions, JoinResult, Signed
from handouts.attach.parts import (
    join_files,
    join_forms,
    join_intents,
    join_labels,
    join_layers,
    join_outlines,
    raise_version,
)
from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.objects import Damaged, Oversized, Ref
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, pages, structure_roots
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Counts, Lost, count_all, measure, measure_catalog, prove
from handouts.attach.structure import JoinedTree, append_structure, next_parent_key, open_tree
from handouts.attach.update import Update
from handouts.attach.wrapping import Wrapper


@dataclass(frozen=True, slots=True)
class PartLabels:
    """The words for one appended part: its title, its page-label prefix, the letter's title."""

    title: str
    label: str
    letter_title: str
    scanned_page: str


_NOWHERE: Final = Ref(0)


@dataclass(slots=True)
class Joint:
    """A join under way: the update, its structure tree, the pages so far, and what was done."""

    update: Update
    tree: JoinedTree
    first_page: Ref | None
    pages: int
    notes: list[str] = field(default_factory=list)
    bookmarks: int = 0
    document: Ref = _NOWHERE


def join(letter: bytes, handout: bytes, options: JoinOptions | None = None) -> JoinResult:
    """Append a handout's pages to a letter. Unguarded: runs in this process, without limits.

    The result begins with the letter's bytes, unchanged, unless the letter is hybrid or damaged.
    Raises :class:`~handouts.attach.refusals.Refused` (a ``LetterError``) where the letter or the
    handout cannot be used, and then nothing has been made.
    """
    options = options or JoinOptions()
    opened = open_pdf(letter, options.password, options.limits)
    decide(opened.report, options.signed)
    part = open_handout(handout, options.limits)
    if options.history is History.DROP:
        from handouts.attach.rewriting import join_without_history

        return join_without_history(opened, part, options)
    return join_opened(opened, part, options, handout)


def join_opened(
    letter: Opened, handout: Opened, options: JoinOptions, source: bytes = b""
) -> JoinResult:
    """Join two PDFs that are open and allowed. See :func:`join`."""
    try:
        result = _joined(letter, handout, options, source)
        inside = (source or handout.data, handout.report.pdf_a) if options.embed else None
        if result.pdf_a and not confirm_pdf_a(result.data, result.pdf_a, inside):
            unclaimed = dataclasses.replace(handout.report, pdf_a="")
            part = dataclasses.replace(handout, report=unclaimed)
            result = _joined(letter, part, options, source)
    except Lost as lost:
        raise Refused(Reason.CHECK_FAILED, "the letter", str(lost)) from None
    except MALFORMED as error:
        detail = str(error) if isinstance(error, Damaged) else "values of the wrong kind"
        if isinstance(error, Oversized):
            raise Refused(Reason.OVERSIZED, "the letter", detail) from None
        if letter.rewritten:
            raise Refused(Reason.DAMAGED, "the letter", detail) from None
        # Damage that shows only now, in an object that opening did not read.
        return join_opened(_again(letter, options, detail), handout, options, source)
    return result


def _again(letter: Opened, options: JoinOptions, damage: str) -> Opened:
    from handouts.attach.opening import rewritten

    return rewritten(letter.data, options.password, options.limits, "the letter", damage)


def _joined(letter: Opened, handout: Opened, options: JoinOptions, source: bytes) -> JoinResult:
    update = Update(letter.pdf)
    kept = joint_claims(letter.report, handout.report)
    tree = start_tree(update, letter, options)
    joint = Joint(update, tree, Ref(letter.pages[0].num), len(letter.pages))
    title = options.title or handout.report.title or options.label.strip() or "Handout"
    words = PartLabels(
        title,
        options.label,
        letter.report.title or options.letter_title,
        options.scanned_page,
    )
    append_part(joint, handout, words)
    if letter.report.tagged and handout.report.tagged:
        settle_headings(update, letter.pdf, tree, [joint.document])
    if options.embed:
        from handouts.attach.embedding import embed

        embed(update, source or handout.data, options.embed_name)
    claim_notes = settle_claims(update, letter.report, kept)
    notes = [*foreseen_notes(letter.report, options), *joint.notes, *tree.notes, *claim_notes]
    rendered = update.render()
    counts = _Check(letter, handout, joint, options).run(rendered)
    return JoinResult(
        base=letter.data,
        update=rendered,
        rewritten=letter.rewritten,
        pdf_ua=kept.pdf_ua,
        pdf_a=kept.pdf_a,
        notes=tuple(notes),
        letter=letter.report,
        handout=handout.report,
        counts=counts,
    )


def start_tree(update: Update, letter: Opened, options: JoinOptions) -> JoinedTree:
    """The joined structure tree with the letter in it, wrapped if it has no structure."""
    tree = open_tree(update, next_parent_key(update, letter.report.highest_key))
    if not letter.report.tagged:
        title = letter.report.title or options.letter_title
        Wrapper(update, tree, options.scanned_page).wrap(letter.pages, title, "")
    return tree


def append_part(joint: Joint, part: Opened, words: PartLabels) -> None:
    """Append one PDF, all of it, behind the pages that are there already."""
    update, tree, tagged = joint.update, joint.tree, part.report.tagged
    importer = Importer(update, part.pdf, tree.next_key if tagged else None)
    settle = append_structure(tree, importer) if tagged else None
    start = joint.first_page
    joint.bookmarks += join_outlines(importer, words.letter_title, start, words.title)
    join_labels(importer, joint.pages, words.label)
    renamed_fields = join_forms(importer)
    renamed_files = join_files(importer)
    join_layers(importer)
    join_intents(importer)
    importer.run()
    add_pages(importer)
    language = part.report.language
    if settle is not None:
        joint.document = settle(words.title, language)
    else:
        joint.document = _wrap_part(joint, importer, words, language)
    importer.run()
    keep_metadata(importer)
    raise_version(importer, _version(update))
    joint.pages += len(importer.pages)
    joint.notes += _part_notes(words.title, tagged, renamed_fields, renamed_files)
    if importer.dropped_actions:
        joint.notes.append(f"Scripts and program starts of “{words.title}” were left out.")


def _part_notes(
    title: str,
    tagged: bool,
    renamed_fields: list[tuple[str, str]],
    renamed_files: list[tuple[str, str]],
) -> list[str]:
    notes = []
    if not tagged:
        notes.append(f"“{title}” has no tags; a screen reader gets its plain text only.")
    for old, new in renamed_fields:
        notes.append(f"The form field “{old}” of “{title}” is now named “{new}”.")
    for old, new in renamed_files:
        notes.append(f"The attached file “{old}” of “{title}” is now named “{new}”.")
    return notes


def _version(update: Update) -> str:
    stated = update.resolve(update.catalog.get(b"Version"))
    own = f"{update.base.version[0]}.{update.base.version[1]}"
    return max(own, stated.decode("latin-1")) if isinstance(stated, bytes) else own


def _wrap_part(joint: Joint, importer: Importer, words: PartLabels, language: str) -> Ref:
    update, copies = joint.update, []
    for index in range(len(importer.pages)):
        ref = importer.page_ref(index)
        copies.append(Page(ref.num, update.dict(ref), {}))
    return Wrapper(update, joint.tree, words.scanned_page).wrap(copies, words.title, language)


def foreseen_notes(report: Inspection, options: JoinOptions) -> list[str]:
    """What a reader of the result will notice about the letter's part."""
    notes = []
    if report.needs_rewrite:
        why = "has two cross-references" if report.hybrid else "is damaged"
        notes.append(f"The letter {why}, so it was rewritten; its pages look and read the same.")
    if report.signatures and options.signed is Signed.APPEND_ANYWAY:
        notes.append("The letter is signed; viewers will report that it was changed afterwards.")
    if not report.tagged:
        notes.append("The letter has no tags: its part is not accessible to a screen reader.")
    if report.revisions > 1 and options.history is History.KEEP:
        notes.append(
            f"The letter holds {report.revisions - 1} earlier "
            f"{'version' if report.revisions == 2 else 'versions'} of itself, which stay in the "
            "file and may show other text; --without-history leaves them out."
        )
    if report.javascript or report.launches:
        notes.append(
            f"The letter holds scripts ({report.javascript}) or program starts "
            f"({report.launches}); they were kept as they are, and not run."
        )
    return notes


@dataclass(frozen=True, slots=True)
class _Check:
    """Reads a result again and compares it with its parts. Raises :class:`Lost`."""

    letter: Opened
    handout: Opened
    joint: Joint
    options: JoinOptions

    def run(self, rendered: bytes) -> Counts:
        """Counts of the handout's part; of the whole result when the check is a full one."""
        letter, handout, update = self.letter, self.handout, self.joint.update
        try:
            result = PdfFile(rendered, base=letter.pdf)
            own = list(pages(result, result.catalog[b"Pages"]))
        except MALFORMED as error:
            raise Lost("the result cannot be read again") from error
        if len(own) != len(letter.pages) + len(handout.pages):
            raise Lost("pages")
        prove(letter.pdf, result, [num for num in update.changed if num < update.first_new])
        part = measure(result, own[len(letter.pages) :], [self.joint.document])
        theirs = self._compare_part(part)
        if self.options.check is not Check.FULL:
            return part
        after = count_all(result, own)
        self._compare_all(theirs, after)
        return after

    def _compare_part(self, part: Counts) -> Counts:
        handout = self.handout
        theirs = measure(handout.pdf, handout.pages, structure_roots(handout.pdf))
        if handout.report.tagged:
            extra = part.elements - theirs.elements
            if extra not in (0, 1) or part != dataclasses.replace(theirs, elements=part.elements):
                raise Lost("marks, elements or links of the handout")
        elif part.links != theirs.links or part.unresolved:
            raise Lost("marks or links of the handout")
        return theirs

    def _compare_all(self, theirs: Counts, result: Counts) -> None:
        """The counts of a joined file are the sums of its parts' and of what the join adds."""
        expected = count_all(self.letter.pdf, self.letter.pages)
        expected += theirs + measure_catalog(self.handout.pdf)
        added = Counts(
            elements=self.joint.tree.made,
            bookmarks=self.joint.bookmarks,
            files=1 if self.options.embed else 0,
            # Wrapped pages carry marks that neither part had, and lead old ones somewhere.
            marks=max(0, result.marks - expected.marks),
            unresolved=min(0, result.unresolved - expected.unresolved),
        )
        if result != expected + added:
            names = Counts.__dataclass_fields__
            pairs = zip(names, result.values(), (expected + added).values(), strict=True)
            raise Lost(", ".join(f"{name}: {a} for {b}" for name, a, b in pairs if a != b))
