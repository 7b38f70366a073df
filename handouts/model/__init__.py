"""The data that travels from content to PDF: nodes, Handout, Brand, Document.

All lengths are points (1/72 inch). All types are frozen: frozen data in, new data out.
"""

from __future__ import annotations

from handouts.model.blocks import (
    LABEL_SIZE,
    Align,
    Block,
    Cell,
    Column,
    Contents,
    ContentsEntry,
    Field,
    Figure,
    FigureLabel,
    FormField,
    Generated,
    Group,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    Part,
    PeopleFigure,
    Pictured,
    QRFigure,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Table,
    When,
    WritingLines,
)
from handouts.model.brand import (
    Brand,
    FontFamily,
    FontSet,
    Phone,
)
from handouts.model.document import (
    OTHERS,
    WIDEST_PICTURE,
    Announcements,
    Document,
    Edges,
    Frame,
    InlineStyle,
    LayoutFacts,
    LayoutKind,
    PageMaster,
    Running,
    Style,
)
from handouts.model.handout import (
    Approval,
    Beside,
    ConditionKind,
    Handout,
    HandoutSection,
    Label,
    LabelStatus,
    Reference,
)
from handouts.model.inlines import (
    NOWHERE,
    Abbr,
    Blank,
    Cite,
    Icon,
    IconName,
    Inline,
    LineBreak,
    Link,
    Slot,
    Span,
    Text,
    Value,
    plain_text,
)
from handouts.model.personal import FIELD_NAMES, FORM, NO_ONE, REPERTOIRE, FieldName, Shape
from handouts.model.pictures import (
    Drawn,
    IconPicture,
    People,
    Picture,
    QRCode,
    Raster,
    Shown,
    Svg,
)
from handouts.selection import BuildResult, SectionChoice, Selection, Status, weakest
