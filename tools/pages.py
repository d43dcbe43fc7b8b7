"""Markdown pages as GitHub shows them: their code blocks, and whether links, images and formulas hold."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"python", "text", "console", "diff", "math", "mermaid", "json", "toml", "yaml"}
ELSEWHERE = ("http:", "https:", "mailto:")


class Problem(NamedTuple):
    """What is wrong with a page, and where."""

    page: Path
    line: int
    message: str

    def __str__(self):
        return f"{self.page.as_posix()}:{self.line}: {self.message}"


class Block(NamedTuple):
    """A fenced code block: what follows the opening fence, the text, the line number of the text's first."""

    info: str
    text: str
    line: int


class Link(NamedTuple):
    """Where a link or an image leads, and the text shown in an image's place."""

    target: str
    line: int
    is_image: bool = False
    alt: str = ""


class Page:
    """A Markdown file, read into its parts."""

    def __init__(self, path: Path, root: Path = ROOT):
        self.path, self.root = path, root
        self.name = path.relative_to(root)
        self.tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
        line = 1
        for token in self.tokens:  # the parts of a table, for one, have no line of their own
            line = token.map[0] + 1 if token.map else line
            token.meta["line"] = inner = line
            for child in token.children or ():
                child.meta["line"] = inner
                inner += child.type in ("softbreak", "hardbreak")

    def problem(self, line: int, message: str) -> Problem:
        """Something wrong with this page."""
        return Problem(self.name, line, message)

    def blocks(self) -> list[Block]:
        """The code blocks, also those in lists, quotations and folded parts."""
        fences = [token for token in self.tokens if token.type == "fence"]
        return [Block(token.info.strip(), token.content, token.meta["line"] + 1) for token in fences]

    def texts(self) -> list[list]:
        """The inline tokens of every piece of running text."""
        return [token.children for token in self.tokens if token.type == "inline"]

    def links(self) -> Iterator[Link]:
        """All links and images, written in Markdown or in HTML."""
        for token in chain.from_iterable(self.texts()):
            if token.type == "link_open":
                yield Link(token.attrs["href"], token.meta["line"])
            elif token.type == "image":
                yield Link(token.attrs["src"], token.meta["line"], True, token.content)
        for html, line in self.html():
            yield from LinksOfHtml(html, line).found

    def html(self) -> Iterator[tuple[str, int]]:
        """(HTML, line number) wherever the page has some."""
        for token in self.tokens:
            if token.type == "html_block":
                yield token.content, token.meta["line"]
            for child in token.children or ():
                if child.type == "html_inline":
                    yield child.content, child.meta["line"]

    def images(self) -> set[Path]:
        """The files that the page shows as images."""
        shown = [link.target for link in self.links() if link.is_image]
        return {
            (self.path.parent / unquote(urlsplit(target).path)).resolve()
            for target in shown
            if not target.startswith(ELSEWHERE)
        }

    def anchors(self) -> set[str]:
        """What `#...` may say of this page: GitHub's names for its headings, and names given in HTML."""
        found: dict[str, int] = {}
        for token, inline in pairwise(self.tokens):
            if token.type == "heading_open":
                heading = "".join(t.content or " " * (t.type == "softbreak") for t in inline.children)
                slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
                found[slug] = found.get(slug, -1) + 1
        repeated = {f"{slug}-{i}" for slug, last in found.items() for i in range(1, last + 1)}
        named = {name for html, _ in self.html() for name in re.findall(r'\b(?:id|name)="([^"]+)"', html)}
        return found.keys() | repeated | named


class LinksOfHtml(HTMLParser):
    """The links and images in a piece of HTML."""

    def __init__(self, html: str, line: int):
        super().__init__()
        self.found: list[Link] = []
        self.line = line
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Remember what the tag refers to."""
        a = {name: value or "" for name, value in attributes}
        line = self.line + self.getpos()[0] - 1
        if tag == "img":
            self.found.append(Link(a.get("src", ""), line, True, a.get("alt", "")))
        elif tag == "source":
            self.found += [Link(part.split()[0], line) for part in a.get("srcset", "").split(",") if part]
        elif tag == "a" and "href" in a:
            self.found.append(Link(a["href"], line))


def pages(root: Path = ROOT) -> list[Path]:
    """All Markdown files of the repository."""
    return sorted(path for path in files_of(root) if path.suffix == ".md")


@cache
def files_of(root: Path) -> frozenset[Path]:
    """The repository's files: those that git knows or would not ignore; without git, all."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, capture_output=True, check=True,
        )  # fmt: skip
        names = done.stdout.decode("utf-8").split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(root)) for path in root.rglob("*")]
    return frozenset(path for name in names if name and (path := root / name).is_file())


def check_page(page: Page) -> Iterator[Problem]:
    """What is wrong with any page: links, images, formulas."""
    yield from check_links(page)
    yield from check_formulas(page)


def check_fences(page: Page) -> Iterator[Problem]:
    """Code that GitHub would not show as meant, or whose language nobody knows."""
    for block in page.blocks():
        language, *rest = block.info.split(maxsplit=1) or [""]
        if language not in LANGUAGES:
            said = f"```{block.info}" if block.info else "a block that names no language"
            yield page.problem(block.line - 1, f"{said}: expected one of {', '.join(sorted(LANGUAGES))}")
        elif rest and not (language == "python" and rest[0].startswith("from ")):
            yield page.problem(block.line - 1, f"```{block.info}: only ```python from FILE says more")
    for token in page.tokens:
        if token.type == "code_block":
            yield page.problem(token.meta["line"], "four blanks make this code; put it between fences")
        elif token.type == "html_block" and "```" in token.content:
            line = token.meta["line"]
            yield page.problem(line, "a fence inside HTML is no code block; it takes a blank line before")


def check_links(page: Page) -> Iterator[Problem]:
    """Links and images that lead nowhere, images without text in their place."""
    for link in page.links():
        if link.is_image and not link.alt.strip():
            yield page.problem(link.line, f"the image {link.target} has no alt text")
        if not link.target.startswith(ELSEWHERE) and (wrong := wrong_target(page, link.target)):
            yield page.problem(link.line, f"{link.target or 'a link'}: {wrong}")
    for token in chain.from_iterable(page.texts()):
        if token.type == "text" and (found := re.search(r"\S*\]\(\S*", token.content)):
            yield page.problem(token.meta["line"], f"{found[0]}: meant as a link, but it is none")


def wrong_target(page: Page, target: str) -> str:
    """Why a relative link does not lead to a file of the repository, or a heading of it; empty if it does."""
    files = files_of(page.root)
    parts = urlsplit(target)
    path = page.path
    if parts.path:
        if parts.path.startswith("/"):
            return "an absolute path; write it relative to the page"
        path = page.path.parent.joinpath(unquote(parts.path)).resolve()
        folders = {parent for file in files for parent in file.parents}
        if path not in files and path not in folders:  # compared as text: case matters everywhere
            ignored = path.exists() and path.is_relative_to(page.root)
            return "not in the repository: git ignores it" if ignored else "no such file"
    if parts.fragment and path.suffix == ".md":
        if parts.fragment not in Page(path, page.root).anchors():
            return f"no such heading in {path.relative_to(page.root).as_posix()}"
    elif lines := re.fullmatch(r"L(\d+)(?:-L(\d+))?", parts.fragment):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if int(lines[2] or lines[1]) > count:
            return f"the file has {count} lines"
    return ""


# GitHub resolves Markdown's own marks inside $...$ too, so some of TeX does not survive there.
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)\$")
ADVICE = "write $`...`$, or a block ```math"


def check_formulas(page: Page) -> Iterator[Problem]:
    """Formulas in dollars that GitHub does not show as meant."""
    for token in page.tokens:
        if token.type != "inline" or "$" not in token.content:
            continue
        line = token.meta["line"]
        text = CODE.sub("x", re.sub(r"\$`.+?`\$", "x", token.content, flags=re.DOTALL))
        text = re.sub(r"(?<!\\)\\\$", "x", text)
        rest = FORMULA.sub("x", text)
        if "$" in rest:
            yield page.problem(line, f"a $ without its partner; a dollar in text is \\$: {shortened(rest)}")
            continue
        for found in FORMULA.finditer(text):
            formula = found[1] or found[2]
            if found[2] and formula != formula.strip():
                yield page.problem(line, f"{found[0]}: blanks beside a $ keep GitHub from seeing a formula")
            if text[found.end() : found.end() + 1].isalnum() or text[: found.start()][-1:].isalnum():
                yield page.problem(line, f"{found[0]}: a letter or digit beside the $; {ADVICE}")
            if escape := re.search(r"\\[^\w\s]", formula):
                yield page.problem(line, f"{found[0]}: Markdown takes the backslash of {escape[0]}; {ADVICE}")
        if formula := with_emphasis(token.children):
            yield page.problem(line, f"{formula}: Markdown takes _ or * in it for italics; {ADVICE}")


def with_emphasis(children: list) -> str:
    """The beginning of a formula in which emphasis begins or ends; empty where there is none."""
    formula, inside = "", False
    for token in children:
        if token.type == "text":
            for piece in re.split(r"(\$+)", token.content):
                if piece.startswith("$"):
                    inside = not inside
                    formula = ""
                formula += piece
        elif inside and token.type in ("em_open", "em_close", "strong_open", "strong_close"):
            return formula + "..."
    return ""


def shortened(text: str) -> str:
    """The text around the first dollar."""
    at = text.index("$")
    return " ".join(text[max(0, at - 20) : at + 20].split())
