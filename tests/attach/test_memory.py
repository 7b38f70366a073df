"""A join does not hold a letter twice, save to validate its claims.

What it costs in time: tests/benchmarks/bench_join.py.
"""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable

import pytest

from handouts.attach import join

Sample = Callable[[str], bytes]


@pytest.mark.parametrize("claims", [False, True])
def test_memory_is_the_letters_size_and_little_more(claims: bool, sample: Sample) -> None:
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
        if not claims:
            del pdf.Root.Metadata
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    large = out.getvalue()
    assert len(large) > 40_000_000
    tracemalloc.start()
    result = join(large, handout)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.base is large
    # The letter itself was there before. The join must not copy it; the validator takes it whole.
    assert peak < (len(large) if claims else 0) + 20_000_000
