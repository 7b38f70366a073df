"""A Handout in a layout: the Document that the PDF stage draws."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from handouts.contract import check_document
from handouts.contract.sizes import STYLES, such_as
from handouts.errors import LayoutError, Source, UsageError
from handouts.flow.boxes import PageStartError
from handouts.flow.faces import FontBook
from handouts.flow.pages import page_count
from handouts.flow.running import Completion
from handouts.flow.typeset import Typesetter
from handouts.layout.assemble import Built, Parts, RunningPart, build
from handouts.layout.conformance import check_elements
from handouts.layout.edition import edition_of, with_edition
from handouts.layout.folder import Layout
from handouts.layout.form import as_form
from handouts.layout.masters import Master, Size
from handouts.layout.notices import notices
from handouts.layout.styles import CONTENT
from handouts.layout.styling import Resolver
from handouts.layout.two_columns import apart, beside, matched
from handouts.layout.variables import Pages, descriptions, values
from handouts.layout.xml_tree import parse_xml
from handouts.model import (
    FIELD_NAMES,
    NO_ONE,
    NOWHERE,
    Announcements,
    Brand,
    Document,
    Field,
    FormField,
    Handout,
    PageMaster,
    Running,
    Shape,
    plain_text,
)
from handouts.model.tree import walk
from handouts.names import suggest

#: The pages of half a sheet that a sheet holds on its two sides.
FOLDED = 4
_KINDS = {"header": "Header", "footer": "Footer", "watermark": "Watermark"}


def lay_out(
    handout: Handout, layout: Layout, brand: Brand, paper: str, shape: Shape = NO_ONE
) -> Document:
    """The handout as a Document on ``paper`` (``letter`` or ``a4``), with its edition: that of the
    words, whether or not ``shape`` leaves room for a person's own.

    Raises LayoutError, naming file and line, for what the layout does wrong with these words.
    """
    if paper not in layout.papers:
        raise LayoutError(
            f"the layout {layout.name} is not made for {paper} paper.",
            layout.source,
            suggest(paper, layout.papers),
        )
    if shape != NO_ONE:
        demand_personal(layout)
    document = _made(handout, layout, brand, paper, NO_ONE)
    edition = edition_of(document)
    if shape != NO_ONE:
        document = _made(handout, layout, brand, paper, shape)
        _demand_fields(document, shape, layout)
    return with_edition(document, edition)


def _demand_page_starts(document: Document, layout: Layout) -> None:
    """Raises LayoutError, naming the line of layout.toml, for a style that starts a page in a box.
    Few layouts have such a style: the boxes of others are made once, where they are placed."""
    styles = document.styles.values()
    if not any(style.page_break_before for style in styles) or not all(one.size for one in styles):
        return
    setter = Typesetter(document, None, FontBook(document.fonts))
    running = (one for master in document.masters.values() for one in master.running)
    try:
        setter.items(document.blocks)
        for one in running:
            setter.stack(one.blocks, "running content", one.source)
    except PageStartError as problem:
        if not problem.style:
            raise
        (found,) = problem.findings
        source, _ = layout.sheet.origin(STYLES, problem.style, "page_break_before")
        name = problem.style.removesuffix(CONTENT)
        raise LayoutError(
            f"page_break_before of the style {name}: {found.message[:-1]}"
            f"{such_as(found.source or NOWHERE)}.",
            source,
            "Remove it, or set it for what stands in no box.",
        ) from None


def demand_personal(layout: Layout) -> None:
    """Raises UsageError for a layout that nobody's own values may stand on."""
    if layout.settings.kind == "poster":
        raise UsageError(
            f"Nobody's name goes on a wall: {layout.name} is a poster.",
            remedy="Choose another layout, or make it without a name and without fields.",
        )


def _made(handout: Handout, layout: Layout, brand: Brand, paper: str, shape: Shape) -> Document:
    """The Document before its edition is known; of half sheets it fills whole ones."""
    _demand_languages(handout, layout, shape)
    pages = Pages(paper, layout.settings.kind)
    document = _assembled(handout, layout, brand, pages, shape)
    # Letters of no size take no page: the contract refuses them.
    sizes = (style.size for style in document.styles.values())
    if layout.settings.sheet != "half" or not all(sizes):
        return document
    if not (bare := -page_count(document) % FOLDED):
        return document
    document = _assembled(handout, layout, brand, replace(pages, bare=bare), shape)
    # Their entry in the contents may take a page, too.
    needed = (bare - page_count(document)) % FOLDED or FOLDED
    if needed == bare:
        return document
    return _assembled(handout, layout, brand, replace(pages, bare=needed), shape)


def _demand_languages(handout: Handout, layout: Layout, shape: Shape) -> None:
    """Raises LayoutError for two languages in a layout for one, or one in a layout for two; and
    for a person's copy in two: what it says of her is in one."""
    if layout.facts.bilingual != (handout.beside is not None):
        count = "two languages" if layout.facts.bilingual else "one language"
        raise LayoutError(f"the layout {layout.name} prints {count}.", layout.source)
    if handout.beside and shape != NO_ONE:
        raise LayoutError(
            f"the layout {layout.name} prints two languages; a person's copy or a form is in one.",
            layout.source,
            "Choose another layout, such as standard.",
        )


def _assembled(
    handout: Handout, layout: Layout, brand: Brand, pages: Pages, shape: Shape
) -> Document:
    """What the template makes of each language, as one Document."""
    made = {handout.lang: _built(handout, layout, brand, pages, shape)}
    if twin := handout.beside:
        built = _built(twin.handout, layout, twin.brand, pages, shape)
        made[twin.handout.lang] = apart(built, twin.handout.prefix)
    document = _document(made, handout, layout, brand, pages.paper)
    _demand_page_starts(document, layout)
    return document


def _built(handout: Handout, layout: Layout, brand: Brand, pages: Pages, shape: Shape) -> Built:
    """What the template makes of one language."""
    named, placed = values(handout, brand, pages, shape)
    root = parse_xml(layout.template.render(named), layout.template.file)
    check_elements(root, placed, layout.sheet, layout.settings.masters)
    said = descriptions(handout.terms)
    parts = Parts(brand, notices(handout, brand, pages.kind), layout.pictures, shape, said)
    built = build(root, placed, parts)
    if shape.typed:
        built = replace(built, blocks=as_form(built.blocks))
    return built


def _demand_fields(document: Document, shape: Shape, layout: Layout) -> None:
    """Raises LayoutError if a value would stand nowhere, or twice, or without saying what it is."""
    fields = [node for node in walk(document.blocks) if isinstance(node, Field | FormField)]
    found = [field.name for field in fields]
    for field in fields:
        if field.name in FIELD_NAMES and not plain_text(field.children).strip():
            raise LayoutError(
                f"nothing says what the field “{field.name}” is.",
                field.source,
                f"Write field_{field.name} into interface/<lang>.toml; words that were approved "
                "before it was there need a new approval.",
            )
    for name, _ in shape.lines:
        if found.count(name) != 1:
            where = "no place" if name not in found else "more than one place"
            raise LayoutError(
                f"the layout {layout.name} has {where} for the field “{name}”.",
                Source(layout.template.file),
                f'Choose another layout, or put one <field name="{name}"> into its template.',
            )


def lay_out_copy(handout: Handout, layout: Layout, brand: Brand, paper: str) -> Document | None:
    """The handout with a line for each field; None where the layout has a place for none.

    Raises LayoutError, as ``lay_out``.
    """
    shape = Shape(tuple((name, 1) for name in FIELD_NAMES))
    document = _made(handout, layout, brand, paper, shape)
    if not any(isinstance(node, Field) for node in walk(document.blocks)):
        return None
    _demand_fields(document, shape, layout)
    return with_edition(document)


def demand_room(handout: Handout, layout: Layout, brand: Brand, paper: str) -> None:
    """Raises LayoutError, as ``lay_out``, and where the head or foot of a page has more words than
    room."""
    document = lay_out(handout, layout, brand, paper)
    Completion(Typesetter(document, None, FontBook(document.fonts)), ()).demand_room()


def lay_out_for_print(
    handout: Handout, layout: Layout, brand: Brand, paper: str, shape: Shape = NO_ONE
) -> Document:
    """As ``lay_out``, and through the contract: whatever is printed comes this way.

    Raises LayoutError and ContentError for what the page must carry and does not.
    """
    document = lay_out(handout, layout, brand, paper, shape)
    check_document(document, handout, brand, layout.facts.kind, layout.sheet.origin)
    return document


def _document(
    made: Mapping[str, Built], handout: Handout, layout: Layout, brand: Brand, paper: str
) -> Document:
    """``made``: what the template made of each language, by its code."""
    resolver = Resolver(layout.sheet, brand)
    columns = {lang: resolver.flow(built.blocks) for lang, built in made.items()}
    blocks = beside(columns, resolver.columns)
    page = layout.size(paper)
    masters = _masters(made, layout, resolver, page)
    resolver.finish()
    built, others = made[handout.lang], handout.all_languages[1:]
    standing = handout.standing
    return Document(
        title=handout.title,
        lang=handout.lang,
        author=brand.name,
        subject=handout.subtitle or handout.title,
        keywords=handout.icd10,
        modified=max(one.reviewed for one in handout.all_languages),
        page_width=page.width,
        page_height=page.height,
        masters=masters,
        first_master=built.first_master or next(iter(masters)),
        blocks=blocks,
        styles=dict(sorted(resolver.styles.items())),
        inline_styles=resolver.inline,
        fonts=brand.fonts,
        duplex=layout.settings.duplex,
        status=standing.status,
        until=standing.until,
        approval=standing.record,
        most_pages=layout.settings.pages,
        announcements=_announcements(handout.terms),
        titles={one.lang: one.title for one in others},
        announced={one.lang: _announcements(one.terms) for one in others},
    )


def _announcements(terms: Mapping[str, str]) -> Announcements:
    known = {key: terms[key] for key in Announcements.__struct_fields__ if terms.get(key)}
    return Announcements(**known)


def _masters(
    made: Mapping[str, Built], layout: Layout, resolver: Resolver, page: Size
) -> dict[str, PageMaster]:
    """The page masters on ``page``, each with the running parts that it has a region for."""
    running: dict[str, list[Running]] = {name: [] for name in layout.settings.masters}
    for parts in matched(tuple(made.values())):
        part = parts[0]
        for name in _meant(part, layout.settings.masters):
            master = layout.settings.masters[name]
            area = master.regions[part.region].on(master.on(page))
            columns = {
                lang: resolver.running(one.blocks, one.style, one.kind)
                for lang, one in zip(made, parts, strict=True)
            }
            blocks = beside(columns, resolver.columns)
            kind = _KINDS[part.kind]
            source = layout.sheet.where("masters", name, "regions", part.region)
            running[name].append(Running(area, blocks, kind, source))  # type: ignore[arg-type]
    masters = {}
    for name, master in layout.settings.masters.items():
        sheet = master.on(page)
        masters[name] = PageMaster(
            name,
            tuple(frame.on(sheet) for frame in master.frames),
            tuple(running[name]),
            master.next,
            layout.sheet.where("masters", name, "frames"),
            master.onto,
            sheet.panels[:-1] if master.folded else (),
        )
    return masters


def _meant(part: RunningPart, masters: Mapping[str, Master]) -> list[str]:
    """The masters that a running part stands on."""
    having = [name for name, master in masters.items() if part.region in master.regions]
    wanted = [name for name in having if not part.masters or name in part.masters]
    if not wanted:
        raise LayoutError(
            f"no page master has a region {part.region} for this <{part.kind}>.",
            part.source,
            "Add [masters.NAME.regions." + part.region + "] to layout.toml.",
        )
    return wanted
