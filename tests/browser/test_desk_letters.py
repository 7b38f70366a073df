"""A handout behind a letter, and a packet, in a real browser: by few clicks, by dropping."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pypdf import PdfReader

from tests.browser.conftest import Served, axe_findings, enter, gather

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Browser, Page, Route

#: Drops a file as a hand does, of which the page gets bytes and a name.
DROP = """([data, name]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "application/pdf" }));
  const zone = document.querySelector("[data-drop]");
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(
      new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


def plain_letter(pages: int = 2) -> bytes:
    """A letter of so many pages, of whom nobody knows."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(612, 792))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def test_the_doctors_sheet_behind_a_letter(page: Page, served: Served, tmp_path: Path) -> None:
    """A result, Attach with the file window, Save: the file begins with the letter, byte for byte;
    the letter's name was never sent."""
    letter = tmp_path / "Maria Example referral.pdf"
    letter.write_bytes(plain_letter())
    sent: list[bytes] = []
    page.on("request", lambda one: sent.append(one.post_data_buffer or b""))
    enter(page, served.address)
    page.keyboard.type("g90521")
    page.locator("#results .open").first.click()
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Attach to a letter").click()
    choosing.value.set_files(str(letter))
    save = page.get_by_role("link", name="Save the file")
    save.wait_for(timeout=30_000)
    with page.expect_download() as waiting:
        save.click()
    saved = Path(str(waiting.value.path())).read_bytes()
    assert saved.startswith(letter.read_bytes())
    assert "Maria" not in waiting.value.suggested_filename
    said = page.get_by_text(f"Saved in your downloads as {waiting.value.suggested_filename}")
    said.wait_for()
    page.get_by_label("For the patient").check()
    page.locator(".joined .added").nth(4).wait_for(timeout=30_000)
    assert said.count() == 1  # whatever is chosen afterwards
    assert "Maria" not in page.url
    assert [one for one in sent if b"Maria" in one] == []


def test_dropped_on_the_start_page(browser: Browser, served: Served) -> None:
    """Nothing is saved or printed by itself; its name stays on the screen. Back and Forward lead
    to it, until something else was searched for: then it is said that it is gone."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    enter(page, served.address)
    count = len(served.printer.printed)
    data = base64.b64encode(plain_letter(3)).decode()
    page.evaluate(DROP, [data, "Ana Example.pdf"])
    page.wait_for_url("**/a/**", timeout=30_000)
    assert "Ana" not in page.url
    letter = page.get_by_text("3 pages, ")
    letter.wait_for()
    page.go_back()
    page.wait_for_selector("#q:focus")
    page.go_forward()
    letter.wait_for()
    page.go_back()
    page.wait_for_selector("#q:focus")
    page.keyboard.type("foot")
    page.wait_for_selector("#results .open")
    page.go_forward()
    page.get_by_text("What was typed here is gone").wait_for()
    assert len(served.printer.printed) == count
    context.close()


def test_no_letter_is_shown_under_the_name_of_another(browser: Browser, served: Served) -> None:
    """A desk has one letter: what is chosen in the tab of the one before leads to it."""
    context = browser.new_context(locale="en-US")
    one, two = context.new_page(), context.new_page()
    enter(one, served.address)
    for page, pages, name in ((one, 2, "Ana Example.pdf"), (two, 3, "Bo Example.pdf")):
        page.goto(f"{served.root}/attach?condition=crps&lang=en&sheet=referral")
        data = base64.b64encode(plain_letter(pages)).decode()
        page.evaluate(DROP, [data, name])
        page.get_by_text(name).first.wait_for(timeout=30_000)
    one.get_by_label("For the patient").check()
    one.get_by_text("This is another letter").wait_for(timeout=30_000)
    one.get_by_text("3 pages, ").wait_for()
    assert one.get_by_text("Ana Example").count() == 0
    context.close()


def test_two_codes_are_a_packet(page: Page, served: Served) -> None:
    """Both as one, Print: two clicks."""
    enter(page, served.address)
    page.keyboard.type("g90521 m79.671")
    both = page.get_by_role("button", name="Both as one packet")
    both.wait_for()
    both.click()
    count = len(served.printer.printed)
    page.locator("#print").click()
    page.wait_for_selector(".notice.good", timeout=30_000)
    assert len(served.printer.printed) == count + 1


def test_what_was_chosen_a_moment_ago_is_saved_and_nothing_else_is_printed(
    page: Page, served: Served
) -> None:
    """Save waits for the pages; Print leads to them, and prints when it is pressed again. How far
    that is, told late, changes nothing under another handout."""
    from playwright.sync_api import expect

    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Attach to a letter").click()
    choosing.value.set_files(
        {"name": "Ana Example.pdf", "mimeType": "application/pdf", "buffer": plain_letter()}
    )
    page.locator(".joined").wait_for(timeout=30_000)
    printed = served.printer.printed
    count, added = len(printed), page.locator(".joined .added").count()
    page.get_by_label("For the patient").check()
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("link", name="Save the file").click()
    with pikepdf.open(str(waiting.value.path())) as saved:
        assert len(saved.pages) == 2 + 6 != 2 + added
    page.get_by_label("For the doctor").check()
    page.locator("#print").click()
    expect(page.locator(".joined .added")).to_have_count(added, timeout=30_000)
    assert len(printed) == count
    assert page.get_by_text("Ana Example.pdf").count() == 1
    late: list[tuple[Route, APIResponse]] = []
    page.route("**/j/*", lambda route: late.append((route, route.fetch())), times=1)
    served.printer.states = [5]
    with page.expect_request(lambda one: "/j/" in one.url and not one.redirected_from):
        page.locator("#print").click()
    page.get_by_label("For the patient").check()
    expect(page.locator(".joined .added")).to_have_count(6, timeout=30_000)
    for route, answer in late:
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    assert (len(late), page.locator(".joined .added").count()) == (1, 6)
    served.printer.states = [9]
    page.locator("#print").click()
    page.wait_for_selector(".notice.good", timeout=30_000)
    for data, pages in zip(printed[count:], (added, 6), strict=True):
        with pikepdf.open(io.BytesIO(data)) as letter:
            assert len(letter.pages) == 2 + pages


def test_a_packet_goes_behind_a_letter_with_the_name_that_was_just_typed(
    page: Page, served: Served
) -> None:
    """Its pages are made anew while the file is looked for."""
    enter(page, served.address)
    gather(page, served, "crps")
    page.fill("#you-patient", "Ana Example")
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Attach to a letter").click()
    page.wait_for_selector("#preview[aria-busy=true]")
    page.wait_for_selector("#preview[aria-busy=false]")
    choosing.value.set_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": plain_letter()}
    )
    page.locator(".joined .added").first.wait_for(timeout=30_000)
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("link", name="Save the file").click()
    text = PdfReader(str(waiting.value.path())).pages
    assert any("Ana Example" in one.extract_text() for one in text)


def test_a_choice_that_had_no_answer_is_sent_again_before_anything_is_printed(
    browser: Browser, served: Served
) -> None:
    """A moment without the network: what is on the page is what will be printed."""
    from playwright.sync_api import expect

    context = browser.new_context(locale="en-US")
    page = context.new_page()
    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    count = len(served.printer.printed)
    page.route("**/d", lambda route: route.abort(), times=1)
    page.get_by_label("Large print").check()
    page.wait_for_selector("#lost")
    page.locator("#print").click()
    expect(page.locator("#print")).to_contain_text("7 sheets", timeout=30_000)
    assert page.locator("#lost").count() == 0
    assert len(served.printer.printed) == count
    page.locator("#print").click()
    page.wait_for_selector(".notice.good", timeout=30_000)
    context.close()


def test_what_is_taken_out_of_a_packet_is_not_printed(page: Page, served: Served) -> None:
    """Nor is a press lost between a name and its pages."""
    from playwright.sync_api import expect

    enter(page, served.address)
    gather(page, served, "crps", "foot", "crps?lang=es")
    count = len(served.printer.printed)
    page.locator('[name="remove"]').nth(1).click()
    page.locator("#print").click()
    expect(page.locator(".order li")).to_have_count(2, timeout=30_000)
    page.fill("#you-patient", "Ana Example")
    page.wait_for_selector("#preview[aria-busy=true]")
    page.locator('[name="remove"]').nth(1).click()
    expect(page.locator(".order li")).to_have_count(1, timeout=30_000)
    assert page.input_value("#you-patient") == "Ana Example"
    page.wait_for_selector("#print:not([data-pending])")
    assert len(served.printer.printed) == count
    page.locator("#print").click()
    page.wait_for_selector(".notice.good", timeout=30_000)
    assert len(served.printer.printed) == count + 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_anyone_can_attach(browser: Browser, served: Served, width: int, scheme: str) -> None:
    """Nothing that axe finds wrong or cannot decide, no sideways scroll."""
    context = browser.new_context(
        viewport={"width": width, "height": 2400},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    enter(page, served.address)
    found = {}
    for path in ("/attach", "/packet"):
        page.goto(f"{served.root}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[path] = [*axe_findings(page), *([f"{over} px"] if over > 0 else [])]
    page.goto(f"{served.root}/h/crps")
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Attach to a letter").click()
    choosing.value.set_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": plain_letter()}
    )
    page.wait_for_url("**/a/**", timeout=30_000)
    page.wait_for_load_state("networkidle")
    found["letter"] = axe_findings(page)
    page.get_by_role("button", name="Next letter").click()
    page.wait_for_url("**/attach?**")
    found["next"] = axe_findings(page)
    page.goto(f"{served.root}/h/foot")
    page.select_option("#you-side", "left")
    page.get_by_role("button", name="Add to packet").click()
    page.wait_for_url("**/packet")
    gather(page, served, "crps?size=referral")
    page.fill("#you-patient", "M" * 90)
    page.wait_for_selector(".bad svg")
    assert page.locator(".own").inner_text() == "Side: Left"
    found["packet"] = axe_findings(page)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found["packet"] += [f"{over} px"] if over > 0 else []
    context.close()
    assert {path: what for path, what in found.items() if what} == {}
