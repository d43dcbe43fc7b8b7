"""Articles: code prints what they say, links and figures are there; what checks that works."""  # beyond

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))
pytest.importorskip("markdown_it", reason="markdown-it-py is not installed: nothing reads the articles")
articles, pages = importlib.import_module("articles"), importlib.import_module("pages")

LESSONS = articles.lessons()
needs_torch = pytest.mark.skipif(not articles.HAS_TORCH, reason="PyTorch is not installed")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A function that gives the folder of a lesson's package."""
    made = {}

    def folder(lesson):
        if lesson not in made:
            made[lesson] = articles.package(lesson, tmp_path_factory.mktemp(f"dark-{lesson}"))
        return made[lesson]

    return folder


def assert_none(problems):
    found = [str(problem) for problem in problems]
    assert not found, "\n\n" + "\n\n".join(found)


@pytest.mark.parametrize("path", pages.pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_images_and_formulas_of_a_page_hold(path):
    assert_none(pages.check_page(pages.Page(path)))


@pytest.mark.parametrize("lesson", LESSONS)
def test_code_prints_what_the_article_says(lesson, package):
    assert_none(articles.check_fences(articles.article(lesson)))
    assert_none(articles.check_code(articles.article(lesson), package(lesson)))


@needs_torch
@pytest.mark.parametrize("lesson", LESSONS)
def test_code_for_pytorch_prints_what_the_article_says(lesson, package):
    assert_none(articles.check_code(articles.article(lesson), package(lesson), torch=True))


@pytest.mark.parametrize("lesson", LESSONS)
def test_excerpts_stand_in_the_files_they_are_from(lesson, package):
    assert_none(articles.check_excerpts(articles.article(lesson), package(lesson)))


@needs_torch
@pytest.mark.parametrize("lesson", LESSONS)
def test_what_the_article_names_in_pytorch_is_there(lesson):
    assert_none(articles.check_torch_names(articles.article(lesson)))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_script_draws_the_figures_that_the_article_shows(lesson, package):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    assert_none(articles.check_drawing(articles.article(lesson), package(lesson)))


# What checks them, on tiny articles.


class Tiny:
    """A repository with one article, and with a package that says where it is from."""

    def __init__(self, root):
        self.root, self.folder, self.path = root, root / "dark-5", root / "stage"
        self.write("stage/dark/__init__.py", "VALUE = 42\n")
        pages.files_of.cache_clear()

    def write(self, name, text=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def article(self, text):
        self.write("dark-5/README.md", text)
        return articles.article(5, self.root)

    def run(self, text, *, torch=False):
        return list(articles.check_code(self.article(text), self.path, torch=torch))


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path)


def fence(info, *lines):
    return "\n".join([f"```{info}", *lines, "```", ""])


def test_right_output_passes_and_blocks_share_names(tiny):
    text = fence("python", "a = 1", "print(a, '  ')") + fence("text", "1", "")
    assert not tiny.run(text + "words\n\n" + fence("python", "print(a + 1)") + fence("text", "2"))


def test_wrong_output_is_shown_line_by_line(tiny):
    (problem,) = tiny.run(fence("python", "print('one\\ntwo')") + fence("text", "one", "three"))
    assert str(problem).startswith("dark-5/README.md:5: ")
    assert "- three" in problem.message
    assert "+ two" in problem.message


def test_output_is_compared_with_the_very_next_block_only(tiny):
    assert not tiny.run(fence("python", "print(1)") + fence("console", "$ ls") + fence("text", "a drawing"))


def test_the_package_is_the_given_one(tiny):
    assert not tiny.run(fence("python", "import dark", "print(dark.VALUE)") + fence("text", "42"))


def test_an_article_without_a_package_cannot_import_it(tiny):
    tiny.path = None
    (problem,) = tiny.run(fence("python", "import dark"))
    assert "ModuleNotFoundError" in problem.message


def test_an_error_that_is_announced_passes(tiny):
    text = fence("python", "print('before')", "1 / 0")
    assert not tiny.run(text + fence("text", "before", "ZeroDivisionError: division by zero"))
    (problem,) = tiny.run(text + fence("text", "before"))
    assert "raised in line 3" in problem.message
    assert "+ ZeroDivisionError: division by zero" in problem.message


def test_an_error_that_is_not_announced_is_reported_once_and_where_it_is(tiny):
    text = fence("python", "def f():", "    return unknown", "", "f()") + fence("python", "f()")
    (problem,) = tiny.run(text)
    assert problem.line == 3
    assert "NameError: name 'unknown' is not defined" in problem.message


def test_a_syntax_error_is_reported(tiny):
    (problem,) = tiny.run(fence("python", "1 +"))
    assert "SyntaxError" in problem.message


def test_a_warning_is_an_error(tiny):
    (problem,) = tiny.run(fence("python", "import warnings", "warnings.warn('old')"))
    assert "UserWarning: old" in problem.message


def test_a_block_that_ends_python_is_reported(tiny):
    (problem,) = tiny.run(fence("python", "x = 1") + fence("python", "import os", "os._exit(3)"))
    assert problem.line == 5


def test_blocks_in_lists_quotations_and_folded_parts_run(tiny):
    quoted = "".join(f"> {line}\n" for line in fence("python", "print(1)").splitlines())
    listed = "- item\n\n" + "".join(f"  {line}\n" for line in fence("python", "print(2)").splitlines())
    folded = f"<details><summary>S</summary>\n\n{fence('python', 'print(3)')}\n</details>\n"
    found = tiny.run("\n".join([part + "\n" + fence("text", "0") for part in (quoted, listed, folded)]))
    assert [re.search(r"\+ (\d)", problem.message)[1] for problem in found] == ["1", "2", "3"]


def test_what_blocks_define_can_be_inspected_and_pickled(tiny):
    tiny.write("other.txt")
    code = ["import inspect, pickle", "class A:", "    pass", "print(inspect.getsource(A))"]
    assert not tiny.run(
        fence("python", *code, "print(A, type(pickle.loads(pickle.dumps(A()))) is A)")
        + fence("text", "class A:", "    pass", "", "<class '__main__.A'> True")
    )


@needs_torch
def test_blocks_for_pytorch_have_their_own_names(tiny):
    text = fence("python", "import torch", "a = torch.tensor(2.0)", "print(a)") + fence("text", "tensor(2.)")
    text += fence("python", "import torch", "print(a)") + fence("text", "1")
    (problem,) = tiny.run(text, torch=True)
    assert "NameError" in problem.message
    assert not tiny.run(text)


EXCERPTS = {
    "def a():\n    return 1": None,
    "def a():\n    ...\n\ndef b():\n    return 3": 4,
    "x = 2\nreturn 3": None,
    "...\nclass C:\n    ...\n    def m(self):": None,
    "def m(self):\n    return 4": None,
    "def a():\n    return 2": 1,
    "def a():\n    return 3": 1,
    "def b():\n    return 3": 1,
    "def b():\n    ...\ndef a():": 2,
    "class C:\ndef m(self):": 1,
    "nothing": 0,
}


@pytest.mark.parametrize("excerpt", EXCERPTS)
def test_an_excerpt_stands_in_its_file(tiny, excerpt):
    tiny.write(
        "stage/dark/a.py",
        "def a():\n    return 1\n\n\ndef b():\n    x = 2\n    return 3\n\n\nclass C:\n    y = 1\n\n"
        "    def m(self):\n        return 4\n",
    )
    page = tiny.article(fence("python from dark/a.py", *excerpt.splitlines()))
    found = [problem.line - 2 for problem in articles.check_excerpts(page, tiny.path)]
    assert found == ([] if EXCERPTS[excerpt] is None else [EXCERPTS[excerpt]])


def test_an_excerpt_may_be_from_a_file_beside_the_article(tiny):
    tiny.write("dark-5/samples/train.py", "a = 1\n")
    text = fence("python from samples/train.py", "a = 1") + fence("python from dark/none.py", "a = 1")
    (problem,) = articles.check_excerpts(tiny.article(text), tiny.path)
    assert "dark/none.py: this lesson has no such file" in problem.message


LINKS = {
    "[a](../other.md)": None,
    "[a](../other.md#two-words--x)": None,
    "[a](../other.md#two-words--x-1)": None,
    "[a](../other.md#given)": None,
    "[a](#here)": None,
    "[a](../dark-5)": None,
    "[a](../other.py#L2)": None,
    "[a](https://example.org/none)": None,
    "![a](docs/a.svg)": None,
    '<img src="docs/a.svg" alt="a">': None,
    "[a]: ../other.md\n\n[a]": None,
    "`[a](none.md)`": None,
    "[a](../none.md)": "no such file",
    "[a](../Other.md)": "no such file",
    "[a](../other.md#two-words)": "no such heading",
    "[a](../other.py#L4)": "the file has 3 lines",
    "[a](#there)": "no such heading",
    "[a](/other.md)": "an absolute path",
    "[a](two words.md)": "but it is none",
    "![a](docs/b.svg)": "no such file",
    "![](docs/a.svg)": "no alt text",
    '<img src="docs/a.svg">': "no alt text",
    '<p><img src="docs/b.svg" alt="a"></p>': "no such file",
}


@pytest.mark.parametrize("link", LINKS)
def test_links_and_images_are_followed(tiny, link):
    tiny.write("other.md", '# Two words & `x`\n\n## Two words & x\n\n<a name="given"></a>\n')
    tiny.write("other.py", "1\n2\n3\n")
    tiny.write("dark-5/docs/a.svg")
    found = list(pages.check_page(tiny.article(f"# Here\n\ntext\n{link}\n")))
    if LINKS[link] is None:
        assert not found
    else:
        assert LINKS[link] in found[0].message
        assert found[0].line == 4


def test_a_link_to_what_git_ignores_is_refused(tiny):
    try:
        subprocess.run(["git", "init", "--quiet"], cwd=tiny.root, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git is not installed")
    tiny.write(".gitignore", "dark/\n")
    tiny.write("dark-5/dark/a.py")
    (problem,) = pages.check_page(tiny.article("[a](dark/a.py)\n"))
    assert "git ignores it" in problem.message


FORMULAS = {
    "$a_1 + b_2$ and $c$": None,
    r"$\frac{a}{b}$, ($x$) $-$5": "a letter or digit",
    r"it costs \$5 or `$HOME`": None,
    r"$`\{a, b\}`$": None,
    "$$\na\n$$": None,
    "$a$ and $b": "without its partner",
    "it costs $5": "without its partner",
    "$$a$": "without its partner",
    "$ a$": "blanks beside",
    r"$\{a\}$": "takes the backslash",
    r"$\hat{a}_{i} + \hat{b}_{j}$": "italics",
    "$a*b*c$": "italics",
    "*so* $a$ *and* $b$": None,
}


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_those_that_github_shows(tiny, text):
    found = [problem.message for problem in pages.check_page(tiny.article(text + "\n"))]
    if FORMULAS[text] is None:
        assert not found
    else:
        assert FORMULAS[text] in found[0]


FENCES = {
    fence("python", "1"): None,
    fence("python from dark/a.py", "1"): None,
    fence("math", "1"): None,
    fence("", "1"): "names no language",
    fence("pyton", "1"): "expected one of",
    fence("python fast", "1"): "only ```python from FILE",
    "    code\n": "four blanks",
    f"<details>\n{fence('python', '1')}</details>\n": "blank line",
}


@pytest.mark.parametrize("text", FENCES)
def test_code_that_would_not_be_checked_is_refused(tiny, text):
    found = [problem.message for problem in articles.check_fences(tiny.article(text))]
    if FENCES[text] is None:
        assert not found
    else:
        assert FENCES[text] in found[0]


TORCH = {
    "`torch/optim/sgd.py`: `SGD.step`, `sgd`": None,
    "`SGD.step()` in\n`torch/optim/sgd.py`, `nothing`": None,
    "`torch/nn/modules/linear.py` (`Linear.forward`)": None,
    "`torch.optim.SGD`, `torch.utils.data.DataLoader`, `torch.autograd.gradcheck`": None,
    "`torch/optim/sdg.py`": "no file torch/optim/sdg.py",
    "`torch/optim/sgd.py`: `SGD.stop`": "no SGD.stop",
    "`torch/optim/sgd.py`: `SGD.step` and `stop`": "no stop",
    "`stop` in `torch/optim/sgd.py`": "no stop",
    "`torch.optim.SDG`": "no torch.optim.SDG",
}


@needs_torch
@pytest.mark.parametrize("text", TORCH)
def test_names_of_pytorch_are_looked_up(tiny, text):
    found = [problem.message for problem in articles.check_torch_names(tiny.article(text + "\n"))]
    if TORCH[text] is None:
        assert not found
    else:
        assert TORCH[text] in found[0]


DRAW = "from pathlib import Path\nhere = Path(__file__).parent\n"


@pytest.mark.parametrize(
    ("script", "shown", "message"),
    [
        ("(here / 'a.svg').touch()", ["a"], None),
        ("(here / 'a.svg').touch()", ["a", "b"], "does not draw it: b.svg"),
        ("(here / 'a.svg').touch()\n(here / 'c.png').touch()", ["a"], "what is not shown: c.png"),
        ("1 / 0", ["a"], "ZeroDivisionError"),
        (None, ["a"], "draw.py is missing"),
        (None, [], None),
    ],
)
def test_figures_are_those_that_the_script_draws(tiny, script, shown, message):
    if script:
        tiny.write("dark-5/docs/draw.py", DRAW + script)
    for name in shown:
        tiny.write(f"dark-5/docs/{name}.svg")
    page = tiny.article("".join(f"![x](docs/{name}.svg)\n" for name in shown))
    found = [problem.message for problem in articles.check_drawing(page, tiny.path)]
    if message is None:
        assert not found
    else:
        assert message in found[0]


def test_pictures_that_nothing_shows_are_reported(tiny):
    tiny.write("dark-5/docs/old.png")
    (problem,) = articles.check_drawing(tiny.article("text\n"), tiny.path)
    assert "not shown: old.png" in problem.message
