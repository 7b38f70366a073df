"""The words of the test sheet, by language."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Words(Struct, frozen=True):
    """Of each test: its heading, what to do, and what a screen reader says of its picture."""

    title: str
    begin: str
    edges_alt: str
    arrow_alt: str
    size: str
    size_do: str
    size_alt: str
    edge: str
    edge_do: str
    grey: str
    grey_do: str
    grey_alt: str
    thin: str
    thin_do: str
    thin_alt: str
    back: str
    flip: str
    flip_do: tuple[str, ...]
    register: str
    register_do: tuple[str, ...]
    found: str
    found_what: tuple[str, ...]


WORDS: Mapping[str, Words] = {
    "en": Words(
        title="Test sheet for your printer",
        begin="Print this sheet on both sides. Look at it as the numbers say.",
        edges_alt=(
            "Eight frames around the page, 2, 3, 4, 5, 6, 8, 10 and 12 millimeters from its edges, "
            "and a cross in each corner."
        ),
        arrow_alt="An arrow that points to the top of this side.",
        size="1. Size",
        size_do="Measure these lines. If one is not right, print at 100 % (“actual size”).",
        size_alt="Rulers: 10 centimeters and 4 inches across, 5 centimeters up.",
        edge="2. White edge",
        edge_do=(
            "The frames around this page have numbers: millimeters from the edge. "
            "Which is the outermost that you see whole?"
        ),
        grey="3. Weakest gray",
        grey_do="Copy this side. On the copy, which is the first number that you can read?",
        grey_alt=(
            "Ten gray fields with their numbers: 3, 5, 8, 10, 12, 15, 20, 25, 30 and 40 percent."
        ),
        thin="4. Thinnest line",
        thin_do="On the copy, which is the first line without gaps?",
        thin_alt="Lines of 0.1, 0.2, 0.3, 0.4, 0.5, 0.75 and 1 point.",
        back="The back",
        flip="5. Turn",
        flip_do=(
            "Turn the sheet as you turn the page of a book. Where does this arrow point?",
            "Up: all is well.",
            "Down: your printer turns on the short edge. Set it to the long edge.",
        ),
        register="6. Front and back",
        register_do=(
            "Hold the sheet up to the light. In the corners, each cross should lie on another.",
            "The small strokes are 1 millimeter apart. Up to 2 millimeters do no harm.",
        ),
        found="What you found",
        found_what=(
            "Printer",
            "Date",
            "Outermost frame, in millimeters",
            "Weakest gray on the copy, in percent",
            "Thinnest line on the copy, in points",
        ),
    ),
    "es": Words(
        title="Hoja de prueba de su impresora",
        begin="Imprima esta hoja por las dos caras. Mírela en el orden de los números.",
        edges_alt=(
            "Ocho marcos alrededor de la página, a 2, 3, 4, 5, 6, 8, 10 y 12 milímetros de sus "
            "bordes, y una cruz en cada esquina."
        ),
        arrow_alt="Una flecha que apunta hacia arriba en esta cara.",
        size="1. Tamaño",
        size_do="Mida estas líneas. Si alguna no es exacta, imprima al 100 % (“tamaño real”).",
        size_alt="Reglas: 10 centímetros y 4 pulgadas de ancho, 5 centímetros de alto.",
        edge="2. Borde blanco",
        edge_do=(
            "Los marcos alrededor de esta página llevan números: milímetros desde el borde. "
            "¿Cuál es el más externo que se ve entero?"
        ),
        grey="3. Gris más claro",
        grey_do="Fotocopie esta cara. En la copia, ¿cuál es el primer número que puede leer?",
        grey_alt=(
            "Diez campos grises con sus números: 3, 5, 8, 10, 12, 15, 20, 25, 30 y 40 por ciento."
        ),
        thin="4. Línea más fina",
        thin_do="En la copia, ¿cuál es la primera línea sin cortes?",
        thin_alt="Líneas de 0.1, 0.2, 0.3, 0.4, 0.5, 0.75 y 1 punto.",
        back="La otra cara",
        flip="5. Giro",
        flip_do=(
            "Dé vuelta la hoja como la página de un libro. ¿Hacia dónde apunta esta flecha?",
            "Hacia arriba: todo está bien.",
            "Hacia abajo: su impresora gira por el borde corto. Elija el borde largo.",
        ),
        register="6. Las dos caras",
        register_do=(
            "Mire la hoja a contraluz. En las esquinas, cada cruz debe quedar sobre otra.",
            "Las rayitas están a 1 milímetro. Hasta 2 milímetros no hacen daño.",
        ),
        found="Lo que encontró",
        found_what=(
            "Impresora",
            "Fecha",
            "Marco más externo, en milímetros",
            "Gris más claro en la copia, en porcentaje",
            "Línea más fina en la copia, en puntos",
        ),
    ),
}
