"""All texts that a person can be shown on the page, found in the code and in the shipped tables."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reached_modules import ROOT, module_nodes, reached_modules
from shown_elsewhere import MODULES_ELSEWHERE, TEXTS_ELSEWHERE, VALUES, WORDS_OF_MODULES
from text_templates import module_texts, templates

from tracker.app.words.templates import bare

_HAS_WORDS = re.compile(r"[A-Za-z]{2}|\bn\b")
_UNITS = re.compile(r"\b(Hz|Nm|N|cm|m|dBm|MB|kB|min|deg|ms|s|x)\b")
_LABEL = re.compile(r"[A-Z][a-z]+[.:?!]?|[A-Z][a-z]+(-[a-z]+)+")
_NO_TEXT = re.compile(
    r"""^\s*[<.#/]|</|^[A-Z_ ]+( \{\w+\})*$|^(PRAGMA|SELECT|INSERT|SET) |%[srd]|::|=["'(]|\[\w+, |=>|"""
    r"""^direction:|^[A-Z][A-Za-z]+\(\w+=|^text/|'self'|; Path=|^; Secure$|system-ui|^\w+[|] |^MessageBus"""
)
_PROGRAMMING_ERRORS = {
    "ValueError",
    "TypeError",
    "AssertionError",
    "RuntimeError",
    "KeyError",
    "NotImplementedError",
}
_HOLE = re.compile(r"\{\w*\}")
_LOG_METHODS = {"error", "debug", "info", "warning", "exception", "critical"}
_MARKUP_ARGUMENTS = {
    "class_", "classes", "style", "d", "points", "transform", "viewBox", "href", "src", "rel", "role",
    "media", "autocomplete", "js_handler", "pattern", "allow", "sandbox", "id", "name",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text that needs an entry in every catalogue.

    Attributes:
        files: where it is in the code, relative to the repository.
        plural: its form for numbers other than one; None where it has no number.
        is_told: the program makes it, with its values in it already; else the page does.
    """

    files: tuple[str, ...]
    text: str
    plural: str | None = None
    is_told: bool = True


def collected_texts(beside: tuple[str, ...] = ()) -> list[Text]:
    """Each text once, in the order of the files.

    Args:
        beside: modules that the page does not reach and that are looked through all the same.
    """
    places: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    page: set[str] = set()
    for name, file in reached_modules(beside).items():
        where = str(file.relative_to(ROOT))
        for text, plural, is_page in _texts_of(name, file):
            places[text, plural].add(where)
            if is_page:
                page.add(text)
    for where, text in _texts_of_tables():
        places[text, None].add(where)
    for value in VALUES:
        places[value, None].add("values")
    plurals = {text for text, plural in places if plural is not None}
    return sorted(
        Text(tuple(sorted(files)), text, plural, text not in page)
        for (text, plural), files in places.items()
        if plural is not None or text not in plurals
    )


def _texts_of(name: str, file: Path) -> Iterator[tuple[str, str | None, bool]]:
    nodes = module_nodes(file)
    calls = list(_page_calls(nodes))
    for texts in calls:
        yield texts[0], texts[1] if len(texts) > 1 else None, True
    of_calls = {text for texts in calls for text in texts}
    if any(name == one or name.startswith(f"{one}.") for one in MODULES_ELSEWHERE):
        return
    is_app = name.startswith("tracker.app")
    words = WORDS_OF_MODULES.get(name, frozenset())
    for text in _loose_texts(nodes, of_page=is_app, words=words, apart_from=of_calls):
        if text not in TEXTS_ELSEWHERE:
            yield text, None, False


def _page_calls(nodes: tuple[ast.AST, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id="words") | ast.Attribute(attr="words"), args=[argument, *_]):
                yield from ((text,) for text in _choices(argument))
            case ast.Call(func=ast.Call(func=ast.Name(id="words_for")), args=[argument, *_]):
                yield from ((text,) for text in _choices(argument))
            case ast.Call(
                func=ast.Attribute(attr="plural"),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ):
                yield one, many


def _choices(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _choices(body)
            yield from _choices(orelse)


def _loose_texts(
    nodes: tuple[ast.AST, ...], *, of_page: bool, words: frozenset[str], apart_from: set[str]
) -> Iterator[str]:
    """Texts that are no argument of words(...): a page's as they are, others without what joins them."""
    named = module_texts(nodes[0])
    for node in _walk(nodes[0], _not_shown(nodes)):
        for template in templates(node, named):
            text = template.strip() if of_page else bare(template)[1]
            if (
                template in apart_from
                or _NO_TEXT.search(text)
                or not _HAS_WORDS.search(_UNITS.sub("", _HOLE.sub("", text)))
            ):
                continue
            if " " in text or text in words or (of_page and _LABEL.fullmatch(text)):
                yield text


def _walk(node: ast.AST, skipped: set[int]) -> Iterator[ast.AST]:
    """All nodes but those that are skipped and the pieces of texts; what stands in holes is walked, too."""
    if id(node) in skipped:
        return
    yield node
    if isinstance(node, ast.JoinedStr):
        children: list[ast.AST] = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
        children = [one for child in children for one in _within_hole(child)]
    elif isinstance(node, ast.BinOp) and templates(node, {}):
        return
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from _walk(child, skipped)


def _within_hole(node: ast.AST) -> list[ast.AST]:
    """A choice of texts is in the template already; else what the hole is made of."""
    if isinstance(node, ast.IfExp):
        return [one for one in (node.body, node.orelse) if not isinstance(one, ast.Constant | ast.JoinedStr)]
    return [node]


def _not_shown(nodes: tuple[ast.AST, ...]) -> set[int]:
    """Docstrings, what a log or a programmer reads, and the markup of elements."""
    skipped: set[int] = set()
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Constant() as text):
                skipped.add(id(text))
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as call) if name in _PROGRAMMING_ERRORS:
                skipped.add(id(call))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if (
                attr in _LOG_METHODS and "log" in name.lower()
            ):
                skipped.add(id(node))
            case ast.Call(func=ast.Attribute(attr="compile" | "add_head_html" | "add_css" | "execute")):
                skipped.add(id(node))
            case ast.keyword(arg=str(name), value=value) if name in _MARKUP_ARGUMENTS:
                skipped.add(id(value))
            case ast.arg(annotation=ast.expr() as annotation):
                skipped.add(id(annotation))
            case ast.AnnAssign(annotation=annotation):
                skipped.add(id(annotation))
            case (
                ast.FunctionDef(returns=ast.expr() as type_)
                | ast.AsyncFunctionDef(returns=ast.expr() as type_)
            ):
                skipped.add(id(type_))
            case ast.Call(func=ast.Name(id="cast"), args=[type_, _]):
                skipped.add(id(type_))
    return skipped


def _texts_of_tables() -> Iterator[tuple[str, str]]:
    """Exercises, safety questions and the plan, as they are shipped."""
    for exercise in _table("exercises.toml").values():
        for key in ("title", "start_pose", "movement", "band_placement", "band_effect", "target"):
            yield "config/exercises.toml", exercise[key]
        for caution in exercise["cautions"]:
            yield "config/exercises.toml", caution
    for name, question in _table("safety.toml").items():
        yield "config/safety.toml", name.replace("_", " ")
        yield "config/safety.toml", question["question"]
    plan = _table("plan.toml")
    yield "config/plan.toml", plan["name"]
    for note in plan["notes"]:
        yield "config/plan.toml", note
    for phase in plan["phases"].values():
        yield "config/plan.toml", phase["title"]
        for name in phase["prescriptions"]:
            yield "config/plan.toml", name
    for band in plan["bands"]:
        yield "config/plan.toml", band["colour"]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "config" / name).read_text(encoding="utf-8"))
