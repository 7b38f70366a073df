"""Join a handout to a letter as an incremental update: the letter's bytes stay a prefix."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from handouts.attach.claims import (
    Claims,
    confirm_pdf_a,
    joint_claims,
    keep_metadata,
    settle_claims,
)
from handouts.attach.importer import Importer, add_pages
from handouts.attach.opening import MALFORMED, Opened, decide, open_handout, open_pdf
from handouts.attach.options import Check, History, JoinOptions, JoinResult
from handouts.attach.parts import (
    join_files,
    join_forms,
    join_intents,
    join_labels,
    join_layers,
    join_outlines,
    raise_version,
)
from handouts.attach.reader import PdfFile
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Counts, Lost, count_all, measure, measure_catalog, prove
from handouts.attach.structure import JoinedTree, append_structure, next_parent_key, open_tree
from handouts.attach.syntax import Damaged, Ref
from handouts.attach.trees import Page, pages, structure_roots
from handouts.attach.update import Update
from handouts.attach.wrapping import Wrapper


@dataclass(frozen=True, slots=True)
class PartLabels:
    """The words for one appended part: its title, its page-label prefix, the letter's title."""

    title: str
    label: str
    letter_title: str
    scanned_page: str


@dataclass(slots=True)
class Appended:
    """What appending the parts did: kept for notes and for the check."""

    notes: list[str] = field(default_factory=list)
    bookmarks: int = 0
    documents: list[Ref] = field(default_factory=list)


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
        if result.pdf_a and not confirm_pdf_a(result.data, result.pdf_a):
            unclaimed = dataclasses.replace(handout.report, pdf_a="")
            part = dataclasses.replace(handout, report=unclaimed)
            result = _joined(letter, part, options, source)
    except Lost as lost:
        raise Refused(Reason.CHECK_FAILED, "the letter", str(lost)) from None
    except MALFORMED as error:
        detail = str(error) if isinstance(error, Damaged) else "values of the wrong kind"
        if letter.rewritten:
            raise Refused(Reason.DAMAGED, "the letter", detail) from None
        # Damage that shows only now, in an object that opening did not read.
        return join_opened(_again(letter, options, detail), handout, options, source)
    return result


def _again(letter: Opened, options: JoinOptions, damage: str) -> Opened:
    from handouts.attach.opening import rewritten

    return rewritten(letter.data, options.password, options.limits, "the letter", damage)


def _joined(
    letter: Opened, handout: Opened, options: JoinOptions, source: bytes
) -> JoinResult:
    update = Update(letter.pdf)
    kept = joint_claims(letter.report, handout.report)
    notes = _letter_notes(letter, options)
    tree = start_tree(update, letter, options)
    title = options.title or handout.report.title or options.label.strip() or "Handout"
    words = PartLabels(
        title,
        options.label,
        letter.report.title or options.letter_title,
        options.scanned_page,
    )
    done = append_part(update, tree, handout, len(letter.pages), letter.pages[0], words)
    notes += done.notes + tree.notes
    if options.embed:
        from handouts.attach.embedding import embed

        embed(update, source or handout.data, options.embed_name, done.documents[0])
    notes += settle_claims(update, letter.report, kept)
    rendered = update.render()
    counts = _check(letter, handout, update, rendered, tree, done, options)
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


def append_part(
    update: Update,
    tree: JoinedTree,
    part: Opened,
    before: int,
    first_page: Page,
    words: PartLabels,
) -> Appended:
    """Append one PDF, all of it, behind the ``before`` pages that are there already."""
    tagged = part.report.tagged
    done = Appended()
    importer = Importer(update, part.pdf, tree.next_key if tagged else None)
    settle = append_structure(tree, importer) if tagged else None
    done.bookmarks = join_outlines(
        importer, words.letter_title, Ref(first_page.num), words.title
    )
    join_labels(importer, before, words.label)
    renamed_fields = join_forms(importer)
    renamed_files = join_files(importer)
    join_layers(importer)
    join_intents(importer)
    importer.run()
    add_pages(importer)
    language = part.report.language
    if settle is not None:
        done.documents.append(settle(words.title, language))
    else:
        done.documents.append(_wrap_part(update, tree, importer, words, language))
        done.notes.append(f"“{words.title}” has no tags; a screen reader gets its plain text only.")
    importer.run()
    keep_metadata(importer)
    raise_version(importer, _version(update))
    for old, new in renamed_fields:
        done.notes.append(f"The form field “{old}” of “{words.title}” is now named “{new}”.")
    for old, new in renamed_files:
        done.notes.append(f"The attached file “{old}” of “{words.title}” is now named “{new}”.")
    if importer.dropped_actions:
        done.notes.append(f"Scripts and program starts of “{words.title}” were left out.")
    return done


def _version(update: Update) -> str:
    stated = update.resolve(update.catalog.get(b"Version"))
    own = f"{update.base.version[0]}.{update.base.version[1]}"
    return max(own, stated.decode("latin-1")) if isinstance(stated, bytes) else own


def _wrap_part(
    update: Update, tree: JoinedTree, importer: Importer, words: PartLabels, language: str
) -> Ref:
    copies = []
    for index in range(len(importer.pages)):
        ref = importer.page_ref(index)
        copies.append(Page(ref.num, update.dict(ref), {}))
    return Wrapper(update, tree, words.scanned_page).wrap(copies, words.title, language)


def _letter_notes(letter: Opened, options: JoinOptions) -> list[str]:
    report, notes = letter.report, []
    if letter.rewritten:
        why = "has two cross-references" if report.hybrid else "is damaged"
        notes.append(f"The letter {why}, so it was rewritten; its pages look and read the same.")
    if report.signatures and options.signed is not options.signed.REFUSE:
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
            f"The letter holds {report.javascript} scripts and {report.launches} program starts; "
            "they were kept as they are and not run."
        )
    return notes


def _check(
    letter: Opened,
    handout: Opened,
    update: Update,
    rendered: bytes,
    tree: JoinedTree,
    done: Appended,
    options: JoinOptions,
) -> Counts:
    """Read the result again and compare it with its parts. Raises :class:`Lost`."""
    try:
        result = PdfFile(letter.data, options.password, rendered)
        own = list(pages(result, result.catalog[b"Pages"]))
    except MALFORMED as error:
        raise Lost("the result cannot be read again") from error
    if len(own) != len(letter.pages) + len(handout.pages):
        raise Lost("pages")
    prove(letter.pdf, result, [num for num in update.changed if num < update.first_new])
    theirs = measure(handout.pdf, handout.pages, structure_roots(handout.pdf))
    part = measure(result, own[len(letter.pages) :], list(done.documents))
    if handout.report.tagged:
        extra = part.elements - theirs.elements
        if extra not in (0, 1) or part != dataclasses.replace(theirs, elements=part.elements):
            raise Lost("marks, elements or links of the handout")
    elif part.links != theirs.links or part.unresolved:
        raise Lost("marks or links of the handout")
    if options.check is not Check.FULL:
        return part
    before = count_all(letter.pdf, letter.pages)
    after = count_all(result, own)
    _compare(before, theirs + measure_catalog(handout.pdf), after, tree, done, options)
    return after


def _compare(
    letter: Counts,
    handout: Counts,
    result: Counts,
    tree: JoinedTree,
    done: Appended,
    options: JoinOptions,
) -> None:
    """The counts of a joined file are the sums of its parts' and of what the join adds."""
    expected = letter + handout
    added = Counts(
        elements=tree.made,
        bookmarks=done.bookmarks,
        files=1 if options.embed else 0,
        # Wrapped pages carry marks that neither part had.
        marks=result.marks - expected.marks,
        unresolved=min(0, result.unresolved - expected.unresolved),
    )
    if result != expected + added or added.marks < 0:
        names = Counts.__dataclass_fields__
        pairs = zip(names, result.values(), (expected + added).values(), strict=True)
        raise Lost(", ".join(f"{name}: {a} for {b}" for name, a, b in pairs if a != b))
