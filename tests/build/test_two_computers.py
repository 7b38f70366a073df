"""Several computers work in one folder at once: nothing that was decided or printed is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from handouts import approvals, scaffold
from handouts.build import Order, build, usual_target
from handouts.errors import UsageError
from handouts.library import records
from handouts.library.editions import recall
from handouts.model import Selection
from handouts.publish.publishing import publish
from handouts.publish.shared_folder import INDEX, MANIFEST
from handouts.seal import is_sealed
from handouts.workspace import open_workspace
from tests.approving import TODAY, approve
from tests.fewer import layouts_named

pytestmark = pytest.mark.usefixtures("printed_once")

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ("standard", "large-print", "referral")
ROUNDS = 2


def builds(home: Path, *layouts: str) -> list[str]:
    """What a computer builds, again and again. Each opens the folder anew, as a command does."""
    made = []
    for layout in layouts * 2:
        workspace, wanted = open_workspace(home, home), Selection("crps", layout)
        order = Order(wanted, usual_target(workspace, wanted), TODAY, require_approved=True)
        result = build(workspace, order)
        assert not result.notes
        made.append(result.edition)
    return made


def decides(home: Path, name: str) -> list[str]:
    """Approves and takes back, and gets in the way of another who does so, too."""
    made = []
    for _ in range(ROUNDS):
        signature = approvals.Signature(name, "physician", TODAY)
        workspace = open_workspace(home, home)
        with suppress(UsageError):  # the other decided just now, and is looked at first
            made.append(approvals.revoke(workspace, "knee-replacement", "en", signature).by)
        with suppress(UsageError):
            made.append(approve(home, "knee-replacement", signature).by)
    return made


def publishes(home: Path, desk: str) -> list[str]:
    for _ in range(ROUNDS):
        publish(open_workspace(home, home), Path(desk), TODAY)
    return []


def computer(layouts: Path, home: Path, work: str, *rest: str) -> subprocess.Popen[str]:
    """Another computer that does this ``work``, with the ``layouts`` that ship."""
    code = (
        "import json, sys; from pathlib import Path; "
        "from handouts import workspace; rooms = workspace.builtin_root; ship = Path(sys.argv[1]); "
        "workspace.builtin_root = lambda room: ship if room == 'layouts' else rooms(room); "
        f"from tests.build.test_two_computers import {work} as work; "
        "print(json.dumps(work(Path(sys.argv[2]), *sys.argv[3:])))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(layouts), str(home), *rest],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.usefixtures("few_layouts")
def test_who_builds_decides_and_publishes_at_once_loses_nothing(
    tmp_path: Path, fewer_layouts: Path
) -> None:
    home, desk = tmp_path / "clinic", tmp_path / "desk"
    scaffold.init(home)
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text("utf-8").replace("sample = true", "sample = false"), "utf-8")
    for condition in ("crps", "knee-replacement"):
        approve(home, condition)
    work = (
        ("builds", *LAYOUTS),
        ("builds", *LAYOUTS[::-1]),
        ("decides", "Ann Roe"),
        ("decides", "Bo Moe"),
        ("publishes", str(desk)),
        ("publishes", str(desk)),
    )
    one_layout = layouts_named(LAYOUTS[:1], tmp_path / "layouts")  # a decision looks at each
    computers = [
        computer(one_layout if one[0] == "decides" else fewer_layouts, home, *one) for one in work
    ]
    said = [one.communicate(timeout=120) for one in computers]
    assert [problems for _, problems in said] == [""] * len(work)
    editions, same, ann, bo, *_ = (json.loads(answer) for answer, _ in said)
    workspace = open_workspace(home, home)
    decided = records.numbers(workspace, "knee-replacement", "en")
    assert decided == list(range(1, 1 + len(ann) + len(bo) + 1))
    kept = [records.record(workspace, "knee-replacement", "en", one).by for one in decided[1:]]
    assert sorted(kept) == sorted(ann + bo)
    assert sorted(editions) == sorted(same)
    for edition in editions:
        printed = recall(workspace, edition)
        pdf = usual_target(workspace, printed.selection).read_bytes()
        assert sha256(pdf).hexdigest() == printed.sha256
    approve(home, "knee-replacement")
    offered = {entry.file for entry in publish(open_workspace(home, home), desk, TODAY)}
    assert offered >= {f"{name}.standard.en.pdf" for name in ("crps", "knee-replacement")}
    assert {*os.listdir(desk)} == {*offered, INDEX, MANIFEST}
    assert all(is_sealed((desk / name).read_bytes()) for name in {*offered, INDEX})
    assert not [one for one in home.rglob(".*") if one.name != ".cache"]
