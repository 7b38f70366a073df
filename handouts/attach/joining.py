"""Join a handout to a letter as an incremental update: the letter's bytes stay a prefix."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from handouts.attach.appending import Joint, PartLabels, append_part
from handouts.attach.claims import confirm_pdf_a, joint_claims, settle_claims
from handouts.attach.decisions import decide, foreseen_notes
from handouts.attach.embedding import embed
from handouts.attach.headings import settle_headings
from handouts.attach.joined_tree import JoinedTree, next_parent_key, open_tree
from handouts.attach.opening import (
    MALFORMED,
    Opened,
    open_handout,
    open_pdf,
    open_rewritten,
)
from handouts.attach.options import Check, Counts, History, JoinOptions, JoinResult
from handouts.attach.reading.objects import Damaged, Oversized, Ref
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, pages, structure_roots
from handouts.attach.referee import Exhibit, begin, examine
from handouts.attach.refusals import Reason, Refused
from handouts.attach.rewriting import rewrite
from handouts.attach.selfcheck import Lost, count_all, measure, measure_catalog, prove
from handouts.attach.update import Update
from handouts.attach.wrapping import Wrapper


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
        return _without_history(opened, part, options, handout)
    return join_opened(opened, part, options, handout)


def join_opened(letter: Opened, handout: Opened, options: JoinOptions, source: bytes) -> JoinResult:
    """Join two PDFs that are open and allowed; ``source`` is the handout as it was given."""
    try:
        result = _joined(letter, handout, options, source)
        inside = (source, handout.report.pdf_a) if options.embed else None
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
        again = open_rewritten(letter.data, options.password, options.limits, "the letter", detail)
        return join_opened(again, handout, options, source)
    return result


def _joined(letter: Opened, handout: Opened, options: JoinOptions, source: bytes) -> JoinResult:
    update = Update(letter.pdf)
    kept = joint_claims(letter.report, handout.report)
    tree = _start_tree(update, letter, options)
    joint = Joint(update, tree, Ref(letter.pages[0].num), len(letter.pages))
    title = options.title or handout.report.title or options.label.strip() or "Handout"
    letter_title = letter.report.title or options.letter_title
    append_part(
        joint, handout, PartLabels(title, options.label, letter_title, options.scanned_page)
    )
    if letter.report.tagged and handout.report.tagged:
        settle_headings(update, letter.pdf, tree, [joint.document])
    if options.embed:
        embed(update, source, options.embed_name)
    claim_notes = settle_claims(update, letter.report, kept)
    notes = [*foreseen_notes(letter.report, options), *joint.notes, *tree.notes, *claim_notes]
    rendered = update.render()
    result, own = _read_again(letter, handout, rendered)
    judge = begin(Exhibit(letter.data, rendered, result, own, (letter, handout), "the letter"))
    counts = _Check(letter, handout, joint, options).run(result, own)
    judge()
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


def _start_tree(update: Update, letter: Opened, options: JoinOptions) -> JoinedTree:
    """The joined structure tree with the letter in it, wrapped if it has no structure."""
    tree = open_tree(update, next_parent_key(update, letter.report.highest_key))
    if not letter.report.tagged:
        title = letter.report.title or options.letter_title
        Wrapper(update, tree, options.scanned_page).wrap(letter.pages, title, "")
    return tree


def _without_history(
    letter: Opened, handout: Opened, options: JoinOptions, source: bytes
) -> JoinResult:
    """Join, and write the result as a single revision without anything that was replaced."""
    checked = dataclasses.replace(options, check=Check.FULL)
    # The old revisions go first, so that no object of theirs can be reached by the join.
    clean = rewrite(letter.data, options.password, "the letter", "its history")
    opened = open_pdf(clean, options.password, options.limits)
    result = join_opened(opened, handout, checked, source)
    fresh = rewrite(result.data, options.password, "the letter", "its history")
    final = open_pdf(fresh, options.password, options.limits)
    if count_all(final.pdf, final.pages) != result.counts:
        raise Refused(Reason.CHECK_FAILED, "the letter", "its history could not be left out")
    examine(Exhibit(fresh, b"", final.pdf, final.pages, (opened, handout), "the letter"))
    notes = list(result.notes)
    if letter.report.revisions > 1:
        notes.append("The letter's earlier versions were left out.")
    return dataclasses.replace(
        result,
        base=fresh,
        update=b"",
        rewritten=True,
        notes=tuple(notes),
        letter=letter.report,
    )


def _read_again(letter: Opened, handout: Opened, rendered: bytes) -> tuple[PdfFile, list[Page]]:
    """The result and its pages, read from its bytes. Raises :class:`Lost`."""
    try:
        result = PdfFile(rendered, base=letter.pdf)
        own = list(pages(result, result.catalog[b"Pages"]))
    except MALFORMED as error:
        raise Lost("the result cannot be read again") from error
    if len(own) != len(letter.pages) + len(handout.pages):
        raise Lost("pages")
    return result, own


@dataclass(frozen=True, slots=True)
class _Check:
    """Compares a result with its parts. Raises :class:`Lost`."""

    letter: Opened
    handout: Opened
    joint: Joint
    options: JoinOptions

    def run(self, result: PdfFile, own: list[Page]) -> Counts:
        """Counts of the handout's part; of the whole result when the check is a full one."""
        letter, update = self.letter, self.joint.update
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
                raise Lost("marked content, elements or links of the handout")
        elif part.links != theirs.links or part.unresolved:
            raise Lost("marked content or links of the handout")
        return theirs

    def _compare_all(self, theirs: Counts, result: Counts) -> None:
        """The counts of a joined file are the sums of its parts' and of what the join adds."""
        expected = count_all(self.letter.pdf, self.letter.pages)
        expected += theirs + measure_catalog(self.handout.pdf)
        added = Counts(
            elements=self.joint.tree.made,
            bookmarks=self.joint.bookmarks,
            files=1 if self.options.embed else 0,
            # Wrapped pages carry marked content that neither part had, and lead old ones somewhere.
            marks=max(0, result.marks - expected.marks),
            unresolved=min(0, result.unresolved - expected.unresolved),
        )
        if result != expected + added:
            names = Counts.__dataclass_fields__
            pairs = zip(names, result.values(), (expected + added).values(), strict=True)
            raise Lost(", ".join(f"{name}: {a} for {b}" for name, a, b in pairs if a != b))
