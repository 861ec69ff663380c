"""Our statements, held to a validator that knows nothing of us: Ralph's `BaseXapiStatement`, in .venv-xapi."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import rfc8785

from alongside import scoring
from alongside.bank import Bank
from alongside.record import Act, Record, statement

from .conftest import ROOT
from .records import BASE, TO, Maker

pytestmark = pytest.mark.xapi
REAL = Bank(ROOT / "quizzes")
PLACE = Path(os.environ.get("ALONGSIDE_XAPI", ROOT / ".venv-xapi"))


def said(statements: bytes) -> list[str]:
    """What the validator says: a line for each fault, and at last how many statements it read."""
    program = PLACE / "bin" / "python"
    if not program.exists():
        pytest.fail(f"{PLACE} is not set up. Type: make .venv-xapi/ready")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [program, ROOT / "tests" / "xapi_validate.py"], input=statements, capture_output=True, check=True, env=env
    )
    return done.stdout.decode().splitlines()


def test_the_example_record_is_sound():
    data = (ROOT / "notebooks" / "example-record.jsonl").read_bytes()
    assert said(data) == [f"read {len(data.splitlines())}"]


def test_every_kind_of_act_is_sound():
    data = json.loads(TO.read_text("utf-8"))["record"]["bytes"].encode()
    assert said(data) == [f"read {len(data.splitlines())}"]


def test_a_response_on_every_scale_is_sound():
    make, acts = Maker(31), []
    for item in map(REAL.item, REAL.item_paths):
        scale = REAL.scale_of(item)
        most = scoring.possible(item, scale)
        asked = {"form": item.chapter, "scale": item.scale, "print": item.print, "took": 30, "points": most, "possible": most}
        acts.append(make.act(f"item/{item.id}", "2026-11-01T10:00", given=dict(scoring.keyed(item, scale)), **asked))
    assert {act.scale for act in acts} == set(REAL.scales)
    assert said(Record(BASE, acts).write()) == [f"read {len(acts)}"]


@pytest.mark.parametrize(
    ("path", "value"),
    [("timestamp", "yesterday"), ("verb", "answered"), ("actor", {"objectType": "Agent"}), ("result", {"response": ""})],
)
def test_the_validator_would_say_what_is_wrong(path, value):
    act = Act.model_validate(Maker(1).act("rating/naps-9", "2026-11-01T10:00", step="mostly").row())
    assert len(said(rfc8785.dumps({**statement(act, BASE), path: value}) + b"\n")) > 1
