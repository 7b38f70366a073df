"""Join a handout to a letter as an incremental update: the letter's bytes stay a prefix."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.appending import SHORT_EDGE, Joint, append_part, turned_note, wishes
from handouts.attach.claims import Claims, claiming, joint_claims, settle_claims
from handouts.attach.decisions import decide, foreseen_notes
from handouts.attach.embedding import embed
from handouts.attach.headings import settle_headings
from handouts.attach.joined_tree import next_parent_key, open_tree
from handouts.attach.mending import settle_language, settle_tabs
from handouts.attach.opening import (
    MALFORMED,
    Opened,
    damage_of,
    mended,
    open_handout,
    open_pdf,
    open_rewritten,
)
from handouts.attach.options import Check, Counts, JoinOptions, JoinResult, told_once
from handouts.attach.reading.objects import Oversized
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, pages, structure_roots
from handouts.attach.referee import examine
from handouts.attach.refusals import Reason, Refused
from handouts.attach.rewriting import rewrite
from handouts.attach.selfcheck import Lost, count_all, demand_sum, measure, measure_catalog, prove
from handouts.attach.update import Update
from handouts.attach.wrapping import Wrapper


def join(letter: bytes, handout: bytes, options: JoinOptions = JoinOptions()) -> JoinResult:
    """Append a handout's pages to a letter. Unguarded: runs in this process, without limits.

    The result begins with the letter's bytes, unchanged, unless the letter is hybrid or damaged.
    Raises :class:`~handouts.attach.refusals.Refused` (a ``LetterError``) where the letter or the
    handout cannot be used, and then nothing has been made.
    """
    opened = open_pdf(letter, options.password, options.limits)
    decide(opened.report, options.takes_signed)
    part = open_handout(handout, options.limits, options.what)
    start = _Join(opened, part, options, handout)
    return start.without_history() if options.without_history else start.run()


class _Join(Struct, frozen=True):
    """Two PDFs that are open and may be joined; ``source`` is the handout as it was given."""

    letter: Opened
    handout: Opened
    options: JoinOptions
    source: bytes

    def run(self) -> JoinResult:
        """The checked result, made of a rewritten letter where damage shows only now."""
        try:
            kept = joint_claims(self.letter.report, self.handout.report)
            result = claiming(self._joined, kept, self.letter.password)
        except Lost as lost:
            raise Refused(Reason.CHECK_FAILED, "the letter", str(lost)) from None
        except Oversized as error:
            raise Refused(Reason.OVERSIZED, "the letter", str(error)) from None
        except MALFORMED as error:
            return self._once_more(damage_of(error))
        return result

    def _once_more(self, damage: str) -> JoinResult:
        """The join with a rewritten file: damage was in an object that opening did not read."""
        handout = mended(self.handout, self.options.limits, self.options.what)
        if handout is not self.handout:
            return replace(self, handout=handout).run()
        if self.letter.rewritten:
            raise Refused(Reason.DAMAGED, "the letter", damage) from None
        options = self.options
        again = open_rewritten(
            self.letter.pdf.data, options.password, options.limits, "the letter", damage
        )
        return replace(self, letter=again).run()

    def without_history(self) -> JoinResult:
        """The result as a single revision without anything that was replaced."""
        letter, password = self.letter, self.options.password
        checked = replace(self.options, check=Check.FULL)
        # The old revisions go first, so that no object of theirs can be reached by the join.
        clean = rewrite(letter.pdf.data, password, "the letter", "its history")
        opened = open_pdf(clean, password, checked.limits)
        result = replace(self, letter=opened, options=checked).run()
        fresh = rewrite(result.data, password, "the letter", "its history")
        final = open_pdf(fresh, password, checked.limits)
        if count_all(final.pdf, final.pages) != result.counts:
            raise Refused(Reason.CHECK_FAILED, "the letter", "its history could not be left out")
        examine(final.pdf, final.pages, (opened, self.handout), "the letter")()
        notes = result.notes
        if letter.report.revisions > 1:
            notes += ("The letter's earlier versions were left out.",)
        return replace(
            result, base=fresh, update=b"", rewritten=True, notes=notes, letter=letter.report
        )

    def _joined(self, kept: Claims) -> JoinResult:
        letter, handout, options = self.letter, self.handout, self.options
        update = Update(letter.pdf)
        tree = open_tree(update, next_parent_key(update, letter.report.highest_key))
        letter_title = letter.report.title or "Letter"
        if not letter.report.tagged:
            Wrapper(tree).wrap(letter.pages, letter_title, "The letter")
        joint = Joint(tree, (letter_title, letter.pages[0].ref), len(letter.pages))
        title = options.title or handout.report.title or options.label.strip() or "Handout"
        append_part(joint, handout, options.what, title, options.label)
        settle_language(tree, structure_roots(letter.pdf), handout.report.language)
        if kept.pdf_ua:
            settle_tabs(update, letter.pages)
        if letter.report.tagged:
            settle_headings(tree, joint.document)
        if options.embed:
            name = options.embed_name
            embed(update, self.source, name, "Source", "The handout as it was made")
        claim_notes = settle_claims(update, letter.report, kept)
        foreseen = foreseen_notes(letter.report, options)
        if wishes(letter).get(b"Duplex") != SHORT_EDGE:
            foreseen += turned_note(handout, options.what, "the letter")
        notes = [*foreseen, *joint.notes, *tree.notes, *claim_notes]
        rendered = update.render()
        return JoinResult(
            base=letter.pdf.data,
            update=rendered,
            rewritten=letter.rewritten,
            pdf_ua=kept.pdf_ua,
            pdf_a=kept.pdf_a,
            notes=told_once(notes),
            letter=letter.report,
            handout=handout.report,
            counts=self._checked(joint, rendered),
        )

    # What follows compares the result with its parts. Raises Lost or Refused.

    def _checked(self, joint: Joint, rendered: bytes) -> Counts:
        """Counts of the handout's part; of the whole result when the check is a full one."""
        letter, update = self.letter, joint.tree.update
        result, own = self._read_again(rendered)
        judge = examine(result, own, (letter, self.handout), "the letter")
        prove(letter.pdf, result, [num for num in update.changed if num < update.first_new])
        counts = measure(result, own[len(letter.pages) :], [joint.document])
        theirs = self._compare_part(counts)
        if self.options.check is Check.FULL:
            counts = count_all(result, own)
            parts = count_all(letter.pdf, letter.pages) + theirs + measure_catalog(self.handout.pdf)
            added = Counts(
                elements=joint.tree.made, bookmarks=joint.bookmarks, files=int(self.options.embed)
            )
            demand_sum(counts, parts, added)
        judge()
        return counts

    def _read_again(self, rendered: bytes) -> tuple[PdfFile, list[Page]]:
        """The result and its pages, read from its bytes."""
        try:
            result = PdfFile(rendered, base=self.letter.pdf)
            own = list(pages(result, result.catalog[b"Pages"]))
        except MALFORMED as error:
            raise Lost("the result cannot be read again") from error
        if len(own) != len(self.letter.pages) + len(self.handout.pages):
            raise Lost("pages")
        return result, own

    def _compare_part(self, part: Counts) -> Counts:
        handout = self.handout
        theirs = measure(handout.pdf, handout.pages, structure_roots(handout.pdf))
        if handout.report.tagged:
            extra = part.elements - theirs.elements
            if extra not in (0, 1) or part != replace(theirs, elements=part.elements):
                raise Lost("marked content, elements or links of the handout")
        elif part.links != theirs.links or part.unresolved:
            raise Lost("marked content or links of the handout")
        return theirs
