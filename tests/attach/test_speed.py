"""A join takes little longer than a plain append, and what it takes follows the page tree."""

from __future__ import annotations

import io
import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest
from pypdf import PdfWriter

from handouts.attach import join

Sample = Callable[[str], bytes]


def fastest(call: Callable[[], object], runs: int = 15) -> float:
    """Seconds of the fastest run, which the machine's other work disturbs least."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.skipif(sys.gettrace() is not None, reason="a debugger or coverage slows Python alone")
def test_a_usual_pair_takes_at_most_half_longer_than_an_append(sample: Sample) -> None:
    letter, handout = sample("three_page_letter"), sample("four_page_handout")

    def append() -> None:
        writer = PdfWriter()
        writer.append(io.BytesIO(letter))
        writer.append(io.BytesIO(handout))
        writer.write(io.BytesIO())

    assert fastest(lambda: join(letter, handout)) <= 1.5 * fastest(append)


def test_memory_is_the_letters_size_and_little_more(sample: Sample) -> None:
    letter, handout = sample("pdf_14_table"), sample("four_page_handout")
    # The letter as a scanner's: one great picture that nothing needs to read.
    from pikepdf import Dictionary, Name, Pdf, Stream

    with Pdf.open(io.BytesIO(letter)) as pdf:
        picture = Stream(pdf, bytes(40_000_000))
        picture.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=8000,
            Height=5000,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
            Length=40_000_000,
        )
        pdf.pages[0].Resources.XObject = Dictionary(Im0=pdf.make_indirect(picture))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    large = out.getvalue()
    assert len(large) > 40_000_000
    tracemalloc.start()
    result = join(large, handout)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.base is large
    # The letter itself was there before; the join must not copy it.
    assert peak < 20_000_000
