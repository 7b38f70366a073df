"""A leaflet as a designer would lay it out: four pages, 1,200 words, every kind of block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handouts.model import (
    Align,
    Blank,
    Block,
    Cell,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Edges,
    Figure,
    Frame,
    Heading,
    Image,
    Inline,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Panel,
    Paragraph,
    Row,
    Rule,
    Running,
    Scope,
    Section,
    SideBySide,
    Slot,
    Span,
    Style,
    Table,
    Text,
    VectorPath,
    WritingLines,
)
from tests.pdf.samples import document

NAVY, TEAL, GREY, RED = "#12355b", "#0b6e6e", "#4a5560", "#9d1c1c"
_BODY = Style(size=12.5, leading=16.5, colour="#1a1a1a", space_after=8)
_HEAD = replace(
    _BODY, family="heading", bold=True, kern=True, colour=NAVY, keep_with_next=True, space_after=4
)

STYLES: dict[str, Style] = {
    "p": _BODY,
    "lead": replace(_BODY, size=14, leading=19, space_after=10),
    "h1": replace(_HEAD, size=26, leading=30, space_after=6),
    "h2": replace(_HEAD, size=17, leading=21, space_before=16, space_after=5),
    "h3": replace(_HEAD, size=13.5, leading=17, space_before=10, space_after=3, colour=TEAL),
    "ul": replace(_BODY, item_gap=4, marker_colour=TEAL, marker_indent=15),
    "li": replace(_BODY, space_after=4),
    "section": Style(),
    "warning": Style(
        padding=Edges(11, 14, 12, 14), border=Edges(1.6, 1.6, 1.6, 1.6), border_colour=RED,
        radius=5, space_before=10, space_after=12, keep_together=True,
    ),
    "warning-h2": replace(_HEAD, size=15, leading=19, colour=RED, space_after=4),
    "note": Style(
        padding=Edges(10, 14, 11, 14), background="#e8f1f1", border=Edges(left=4),
        border_colour=TEAL, space_before=8, space_after=12, keep_together=True,
    ),
    "table": replace(
        _BODY, size=11.5, leading=15, space_before=8, space_after=14, border=Edges(1.2, 0, 1.2, 0),
        border_colour=NAVY, header_background=NAVY, header_colour="#ffffff", zebra="#f1f4f7",
    ),
    "td": Style(padding=Edges(5, 8, 6, 8), border=Edges(bottom=0.5), border_colour="#c3ccd5"),
    "th": Style(padding=Edges(6, 8, 6, 8)),
    "td-p": replace(_BODY, size=11.5, leading=15, space_after=3),
    "th-p": replace(_BODY, size=11.5, leading=15, bold=True),
    "caption": replace(_BODY, size=11, leading=14.5, colour=GREY, space_before=5, space_after=6),
    "figure": replace(_BODY, space_before=8, space_after=12, align=Align.CENTRE),
    "columns": Style(space_before=4, space_after=10),
    "rule": Style(border=Edges(0.75), border_colour="#c3ccd5", space_before=6, space_after=10),
    "lines": Style(line_gap=25, border_colour="#7c8894", space_after=8),
    "contents": replace(_BODY, item_gap=3, space_after=12),
    "footer": replace(_BODY, size=9, leading=12, colour=GREY, space_after=0),
    "footer-end": replace(_BODY, size=9, leading=12, colour=GREY, align=Align.END),
    "small": replace(_BODY, size=10, leading=13, colour=GREY, space_after=4),
}  # fmt: skip

INLINE: dict[str, InlineStyle] = {
    "strong": InlineStyle(bold=True),
    "em": InlineStyle(colour=TEAL),
    "link": InlineStyle(colour="#0b4f8a", underline=True),
    "phone": InlineStyle(bold=True, nowrap=True),
    "cite": InlineStyle(scale=0.66, rise=4.2, colour=TEAL),
}

_INLINE = re.compile(r"\*\*(.+?)\*\*|\[(.+?)\]\((.+?)\)|\[@(\d+)\]")


def inline(text: str) -> tuple[Inline, ...]:
    """``**strong**``, ``[words](address)`` and ``[@1]`` as nodes."""
    nodes: list[Inline] = []
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            nodes.append(Text(text[at : match.start()]))
        strong, words, href, number = match.groups()
        if strong:
            nodes.append(Span((Text(strong),), "strong"))
        elif words:
            nodes.append(Link((Text(words),), href, words))
        else:
            nodes.append(Cite(f"key-{number}", int(number)))
        at = match.end()
    if at < len(text):
        nodes.append(Text(text[at:]))
    return tuple(nodes)


def p(text: str, style: str = "p") -> Paragraph:
    """A paragraph."""
    return Paragraph(inline(text), style)


def h(level: int, text: str, id: str = "", style: str = "") -> Heading:
    """A heading."""
    return Heading(inline(text), level, style or f"h{level}", id)


def items(*entries: str | Sequence[Block], marker: Marker = Marker.DISC, start: int = 1) -> ListBlock:
    """A list; an entry is a text or blocks."""
    made = [
        ListItem((p(entry, "li"),) if isinstance(entry, str) else tuple(entry)) for entry in entries
    ]
    return ListBlock(tuple(made), marker, start, "ul")


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table whose first column names its rows."""
    top = Row(tuple(Cell((p(text, "th-p"),), Scope.COLUMN, style="th") for text in head))
    body = []
    for first, *others in rows:
        cells = [Cell((p(first, "th-p"),), Scope.ROW, style="td")]
        cells += [Cell((p(text, "td-p"),), style="td") for text in others]
        body.append(Row(tuple(cells)))
    return Table(inline(caption), (top,), tuple(body), style="table")


def _spine() -> Image:
    paths = []
    for index in range(7):
        y = 10 + index * 26
        box = (("M", 60, y), ("L", 100, y - 4), ("L", 100, y + 14), ("L", 60, y + 18), ("Z",))
        paths.append(VectorPath(box, "#c9d6df", "#12355b", 1.2))
        dot = (("M", 112, y), ("L", 124, y), ("L", 124, y + 10), ("L", 112, y + 10), ("Z",))
        paths.append(VectorPath(dot, RED if index == 4 else "#e6b8a2"))
    return Image("spine", 180, 200, paths=tuple(paths))


def _running(width: float) -> tuple[Running, ...]:
    def part(frame: Frame, style: str, *nodes: Inline) -> Running:
        return Running(frame, (Paragraph(nodes, style),))

    left, top = 72.0, 744.0
    return (
        Running(Frame(left, top - 8, width, 4), (Rule("rule"),)),
        part(
            Frame(left, top, width * 0.7, 14), "footer",
            Text("Riverside Pain Clinic · (555) 010-0142 · DRG stimulation for CRPS"),
        ),
        part(
            Frame(left + width * 0.7, top, width * 0.3, 14), "footer-end",
            Text("Page "), Slot("page"), Text(" of "), Slot("pages"),
        ),
    )  # fmt: skip


def leaflet(*blocks: Block) -> Document:
    """Letter paper, 72 points of margin, a footer; the leaflet's own content by default."""
    frame = Frame(72, 64, 468, 660)
    masters = {"main": PageMaster("main", (frame,), _running(468))}
    return replace(
        document(*(blocks or CONTENT())), masters=masters, styles=STYLES, inline_styles=INLINE
    )


def CONTENT() -> tuple[Block, ...]:
    """Fresh nodes of the leaflet."""
    return (
        h(1, "DRG stimulation for complex regional pain syndrome of the leg or foot"),
        p(
            "A small device near the spine may calm the nerve that carries your pain. "
            "This sheet tells you how it works, what it may do, and what can go wrong.", "lead",
        ),
        Contents(
            tuple(
                ContentsEntry((Text(text),), id)
                for text, id in (
                    ("What is the DRG?", "what"), ("What it may do", "may"),
                    ("Warning signs: when to call us at once, and when to call 911", "warn"),
                )
            ), "contents",
        ),
        Section(
            (
                h(2, "What is the DRG?", "what"),
                p("The **dorsal root ganglion** (DRG) is a small bundle of nerve cells. One sits on "
                  "each side at each level of the spine. It is like a switch box: signals from one "
                  "part of the body pass through it on their way to the brain. In CRPS this switch "
                  "box can become too active and sends pain signals even when nothing new is "
                  "wrong.[@1][@2]"),
                Figure(_spine(), "The spine from behind; one ganglion is marked.", 150,
                       inline("One ganglion sits at each level. The red one serves the foot."),
                       "figure"),
                p("A doctor can place a thin wire, called a lead, next to the DRG that serves your "
                  "foot or leg. A small battery sends mild pulses through the lead. You may feel a "
                  "light tingle, or nothing at all."),
            ), "section",
        ),
        Section(
            (
                h(2, "What it may do", "may"),
                p("In a large study of people with CRPS or nerve injury, two groups were compared "
                  "for one year.[@1] Here is how many people had at least half of their pain gone:"),
                table("People with half or more of their pain gone, of each 100 treated",
                      ("Time", "DRG stimulation", "Usual spinal cord stimulation"),
                      (("3 months", "81 of 100", "56 of 100"),
                       ("12 months", "74 of 100", "53 of 100"),
                       ("What this means", "About 3 in 4 people still had good relief after one "
                        "year. About 1 in 4 did not.", "About half of the people still had good "
                        "relief after one year. About half did not."))),
                p("The study was paid for by the maker of the device. It does not say who will be "
                  "helped. Most people still take some medicine and still do their exercises."),
                h(3, "What it does not do"),
                items("It does not cure CRPS.", "It does not work for everyone.",
                      "It does not replace moving the foot. **Movement is still the treatment** that "
                      "helps the most in the long run, and you need it before and after the implant.",
                      "It may lose some of its effect with time."),
            ), "section",
        ),
        Section(
            (
                h(2, "The test week and the implant"),
                p("You try the device first. Only if the test helps do we place the battery. "
                  "Each step takes place on a day of its own:"),
                items("**The test.** With X-rays, the doctor places the lead through a needle. You "
                      "go home the same day with a small battery outside your body.",
                      "**The test week.** You keep a diary of your pain, your sleep and what you "
                      "could do. Do not lift more than 5 pounds and do not bend or twist.",
                      "**Deciding.** We look at the diary together. Half of your pain gone is a good "
                      "result. You may say no at any time.",
                      "**The implant.** The battery goes under your skin. It takes 1–2 hours. Bring "
                      "someone to drive you home.", marker=Marker.NUMBER),
                Panel(
                    (
                        p("**Before you come, tell us if you:**", "li"),
                        items("take a blood thinner such as warfarin, apixaban or clopidogrel",
                              "are ill, have a fever, a sore, or a bad tooth",
                              "are or could be pregnant",
                              "have a pacemaker or another implant", marker=Marker.CHECKBOX),
                    ), "note",
                ),
            ), "section",
        ),
        Section(
            (
                h(2, "Risks"),
                p("All operations have risks. Ask us about anything that worries you. These are the "
                  "ones that we see most:"),
                table("Problems in the year after the implant, of each 100 people",
                      ("Problem", "How many", "What we do"),
                      (("Lead moves", "about 6 to 13", "Change the settings, or move the lead back in "
                        "a second operation"),
                       ("Infection", "about 3 to 5", "Antibiotics. Often the device must come out."),
                       ("Pain at the battery", "about 7 to 12", "Creams, time, or a new place for it"),
                       ("Fluid leak and headache", "about 2 to 5", "Rest and fluids; sometimes a patch"),
                       ("Nerve damage", "fewer than 1", "Urgent scan and, if needed, surgery"))),
                p("Magnets and some scans can harm the device. Tell every doctor and dentist that "
                  "you have it, and carry your device card. Read more at "
                  "[www.example.org/patients/drg-stimulation/magnets-and-scans](https://example.org)."),
            ), "section",
        ),
        Panel(
            (
                h(2, "Warning signs", "warn", "warning-h2"),
                p("**Call 911 at once** if you have:", "li"),
                items("new weakness or numbness in your legs",
                      "loss of control of your bladder or bowels",
                      "a stiff neck with fever and a bad headache"),
                p("**Call us the same day** at [(555) 010-0142](tel:+15550100142) if you have:", "li"),
                items("redness, swelling, or fluid at the wound",
                      "a fever of 100.4 °F (38 °C) or more",
                      "a sudden change in what you feel from the device"),
            ), "warning", "panel-warn",
        ),
        Section(
            (
                h(2, "Other choices"),
                p("You do not have to have a device. Each of these helps some people, and you can "
                  "change your mind later."),
                SideBySide(
                    (
                        (h(3, "Without an operation"),
                         items("physical and occupational therapy", "mirror therapy",
                               "medicines for nerve pain", "talking therapy for living with pain")),
                        (h(3, "With a needle or an operation"),
                         items("nerve blocks", "spinal cord stimulation",
                               "a pump that gives medicine near the spine")),
                    ), (1, 1), 24, "columns",
                ),
                h(2, "Questions for your visit"),
                p("Write down what you want to ask. These may help you to start:"),
                items("What do you think will happen if I do nothing?",
                      "How many of these have you placed, and how did those people do?",
                      (p("What would it mean for my life?", "li"),
                       items("work and driving", "sport, travel and airport gates",
                             (p("sleep", "li"), items("on my back", "on my side")))),
                      "What will it cost me?"),
                WritingLines(3, "lines"),
                Paragraph((Text("My next visit: "), Blank(120, "date to fill in"), Text(" at "),
                           Blank(80, "time to fill in")), "p"),
            ), "section",
        ),
        Section(
            (
                h(2, "Sources"),
                ListBlock(
                    tuple(
                        ListItem((p(text, "small"),), f"ref-{number}", note=True)
                        for number, text in enumerate(
                            ("Deer TR, Levy RM, Kramer J, and others. Dorsal root ganglion "
                             "stimulation yielded higher treatment success rate for CRPS. Pain "
                             "2017;158:669–681. doi.org/10.1097/j.pain.0000000000000814",
                             "Esposito MF, Malayil R, Hanes M, Deer T. Unique characteristics of the "
                             "dorsal root ganglion as a target for neuromodulation. Pain Medicine "
                             "2019;20:S23–S30."), 1,
                        )
                    ), Marker.NUMBER, 1, "ul",
                ),
            ), "section",
        ),
    )  # fmt: skip
