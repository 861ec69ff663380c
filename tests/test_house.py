"""How the house is built: which way imports point, that generated things are current, that commands say what they mean."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from alongside import schemas
from alongside.bank import Bank, find_bank
from alongside.errors import UnknownError

from .conftest import ROOT, serving

SOURCE = ROOT / "src" / "alongside"
REAL = Bank(ROOT / "quizzes")
MAY = {  # what a module may import of ours, beside `errors`
    "errors": set(),
    "lines": set(),
    "models": set(),
    "says": set(),
    "bank": {"lines", "models", "says"},
    "frozen": {"bank", "lines", "models"},
    "scoring": {"bank", "models"},
    "record": {"models", "says"},
    "views": {"bank", "models", "record", "scoring"},
    "assembly": {"bank", "models", "scoring"},
    "schemas": {"bank", "models"},
    "checks": {"bank", "models", "lines", "scoring", "frozen"},
    "page": {"bank", "models", "scoring"},
    "reflections": {"bank", "views"},
    "tables": {"bank", "record", "reflections", "scoring", "views"},
    "mine": {"bank", "record", "reflections", "scoring", "tables", "views"},
    "example": {"bank", "models", "record", "scoring"},
    "widget": {"bank", "scoring", "page", "record"},
    "notebooks": {"bank", "models", "page"},
    "purge": set(),
    "record_page": {"bank", "models", "page", "reflections", "scoring", "views"},
    "offline": set(),
    "theme": {"offline", "page", "purge"},
    "book": {"bank", "models", "page", "record_page", "theme", "views"},
    "build": {"lines"},
    "press": set(),
    "leaves": {"bank", "models", "page"},
    "paper": {"bank", "lines", "page", "press", "leaves"},
    "serve": set(),
    "cli": {"assembly", "bank", "build", "checks", "example", "frozen", "notebooks", "offline", "page", "paper", "record"}
    | {"reflections", "schemas", "serve", "tables", "views"},
    "__init__": {"widget", "mine"},
}
ONLY_IN = {
    "sphinx": {"book", "theme"},
    "weasyprint": {"press"},
    "bs4": {"leaves", "paper"},
    "docutils": {"book"},
    "anywidget": {"widget"},
    "jinja2": {"page"},
    "typer": {"cli"},
    "scipy": {"assembly", "scoring"},
    "docx": {"reflections"},
}


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        inside = path.relative_to(SOURCE)
        yield path, inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path):
    """Our own modules and the other packages that a file imports."""
    ours, theirs = set(), set()
    depth = len(path.relative_to(SOURCE).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            ours |= (
                {node.module.split(".")[0]} if node.module else {name.name for name in node.names if name.name != "__version__"}
            )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            theirs.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            theirs |= {name.name.split(".")[0] for name in node.names}
    return ours, theirs


def test_the_arrows_point_down():
    for path, name in modules():
        ours, theirs = imports(path)
        assert name in MAY, f"{name} is new: say in MAY what it may import"
        assert ours - {"errors"} <= MAY[name], path
        for package, places in ONLY_IN.items():
            assert package not in theirs or name in places, f"{path} imports {package}"
        assert "cli" not in ours


def test_every_module_opens_with_a_sentence_and_stays_short():
    for path, _ in modules():
        text = path.read_text("utf-8")
        assert (ast.get_docstring(ast.parse(text)) or "").rstrip().endswith((".", "!", "?")), path
        assert text.count("\n") <= 400, f"{path}: is there a second noun in it?"


def test_the_schemas_are_current():
    assert list(schemas.stale(REAL)) == [], "Type: alongside schemas"


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("item", "items/*/*.yml"),
        ("form", "forms/*.yml"),
        ("blueprint", "blueprints/*.yml"),
        ("scales", "scales.yml"),
        ("drifts", "drifts.yml"),
        ("standards", "standards.yml"),
        ("course", "course.yml"),
    ],
)
def test_the_real_files_fit_their_schemas(schema, pattern):
    rules = json.loads((ROOT / "quizzes" / "schemas" / f"{schema}.json").read_text("utf-8"))
    for path in (ROOT / "quizzes").glob(pattern):
        jsonschema.validate(
            yaml.load(
                path.read_text("utf-8"),
                yaml.SafeLoader if schema in {"scales", "course", "form", "blueprint"} else yaml.BaseLoader,
            ),
            rules,
        )


def test_the_map_knows_all_62_competencies_and_every_value():
    names = list(REAL.standards.statements)
    assert [sum(name.startswith(f"{part}-") for name in names) for part in ("samhsa", "naps", "ncps", "icrc")] == [62, 12, 6, 5]
    counts = [
        sum(name.startswith(f"samhsa-{part}.") for name in names)
        for part in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    ]
    assert counts == [5, 5, 4, 4, 5, 5, 6, 5, 6, 6, 7, 4]
    recalled = [name for name, each in REAL.standards.statements.items() if name.startswith("samhsa-") and each.wording == "ours"]
    assert recalled[0] == "samhsa-IV.4"
    assert "samhsa-IV.3" not in recalled
    assert len(recalled) == 45


def run(*words, cwd=ROOT, **env):
    command = [sys.executable, "-m", "alongside.cli", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env={**os.environ, "COLUMNS": "100", **env}, check=False, timeout=60
    )


def test_help_reads_like_a_table_of_contents():
    said = run("--help").stdout
    for word in ("serve", "book", "record", "check", "freeze", "notebooks", "assemble", "schemas", "page", "paper", "site"):
        assert re.search(rf"^\W*{word}\s", said, re.MULTILINE), said
    assert run().returncode == 2 or "Usage" in run().stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["page", "nothing-here", "-o", "x.html"], 1, "There is no form"),
        (["page", "mutual-respect", "-o", "no/such/folder/x.html"], 1, "cannot be written"),
        (["notebooks", "nothing-here", "--check"], 1, "nothing-here"),
        (["check", "--only", "no_such_check"], 1, "no_such_check"),
        (["check", "--bank", "no-such-folder"], 1, "is not a bank"),
        (["serve", "--no-build", "--bank", "tests/project/quizzes"], 1, "no built book"),
        (["site", "--no-build", "--bank", "tests/project/quizzes"], 1, "no built book"),
        (["paper", "--size", "napkin"], 1, "letter, a4"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_a_wrong_command_says_what_to_do_on_stderr_without_a_traceback(words, code, says):
    done = run(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_taken_port_is_one_clear_sentence(tmp_path):
    folder = tmp_path / "_build" / "html"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("hello")
    shutil.copytree(ROOT / "quizzes", tmp_path / "quizzes")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--no-build", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert done.returncode == 1
    assert "is taken" in done.stderr
    assert "PORT=" in done.stderr


def test_an_exam_page_is_written_without_its_key(tmp_path):
    done = run("page", "mutual-respect", "--exam", "-o", str(tmp_path / "exam.html"))
    text = (tmp_path / "exam.html").read_text("utf-8")
    assert done.returncode == 0
    for item in REAL.items_of(REAL.form("mutual-respect")):
        assert not any(option.why[:40] in text for option in item.options.values())


def test_the_bank_is_found_by_argument_then_setting_then_parent(tmp_path, monkeypatch):
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    other = tmp_path / "other" / "quizzes"
    shutil.copytree(ROOT / "quizzes", other)
    inner = tmp_path / "course" / "notebooks"
    inner.mkdir(parents=True)
    shutil.copytree(ROOT / "quizzes", tmp_path / "course" / "quizzes")
    monkeypatch.chdir(inner)
    assert find_bank().folder == tmp_path / "course" / "quizzes"
    monkeypatch.setenv("ALONGSIDE_BANK", str(other))
    assert find_bank().folder == other
    assert find_bank(ROOT / "quizzes").folder == ROOT / "quizzes"
    assert find_bank(ROOT).folder == ROOT / "quizzes"
    with pytest.raises(UnknownError, match=r"scales\.yml"):
        find_bank(tmp_path)


@pytest.mark.slow
def test_the_wheel_brings_the_bank_with_it(tmp_path):
    wheel = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert wheel.returncode == 0, wheel.stderr
    unpacked = tmp_path / "unpacked"
    shutil.unpack_archive(next(tmp_path.glob("*.whl")), unpacked, "zip")
    code = "from alongside import Quiz; print(repr(Quiz('mutual-respect')), Quiz('mutual-respect').pin()[-12:])"
    env = {**os.environ, "PYTHONPATH": str(unpacked)}
    env.pop("ALONGSIDE_BANK", None)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=env, check=False)
    assert done.stdout.split() == ["Quiz('mutual-respect')", REAL.form_print(REAL.form("mutual-respect"))], done.stderr


def test_requirements_are_pinned_and_name_no_host():
    for name in ("requirements.txt", "requirements-lab.txt", "requirements-bench.txt", "requirements-xapi.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                assert line == "-e ." or re.fullmatch(r"[\w.-]+==[\w.]+", line), line


def test_make_refuses_an_old_python_in_one_sentence(tmp_path):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        fake = tmp_path / "bin" / name
        fake.write_text("#!/bin/sh\nexit 1\n")
        fake.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    for name in ("PYTHON", "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES"):  # when make runs these tests
        env.pop(name, None)
    done = subprocess.run(["make", "serve"], cwd=tmp_path, capture_output=True, text=True, env=env, check=False)
    assert done.returncode != 0
    assert done.stderr.startswith("Python 3.11, 3.12 or 3.13 is needed")
    assert not (tmp_path / ".venv").exists()


def test_no_file_of_ours_names_a_package_host_or_this_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".ipynb"} and path != Path(__file__):
            text = path.read_text("utf-8", errors="ignore")
            assert not re.search(r"--(extra-)?index-url|registry\.npmjs|pypi\.org/simple|/root/|/home/\w+/", text), name


def test_a_reader_who_goes_on_before_the_answer_is_through_leaves_no_traceback(tmp_path, capfd):
    (tmp_path / "index.html").write_bytes(b"x" * 20_000_000)
    with serving(tmp_path) as at:
        port = int(at.rsplit(":", 1)[1].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as asks:
            asks.sendall(b"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n")
            asks.recv(100)
            asks.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.5)
    assert capfd.readouterr().err == ""
