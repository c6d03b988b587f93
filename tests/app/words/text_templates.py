"""What the texts in a module's code can become: f-strings as templates with named holes."""

import ast
from collections.abc import Iterator
from itertools import product

_MOST_VARIANTS = 16


def module_texts(module: ast.AST) -> dict[str, str]:
    """Texts that a module has names for."""
    found: dict[str, str] = {}
    for node in ast.iter_child_nodes(module):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                found[name] = text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                found[name] = text
    return found


def templates(node: ast.AST, named: dict[str, str]) -> list[str]:
    """All that an expression can become where it is a text; none where it is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            return [_with_names(pieces) for pieces in product(*_variants(node, named))][:_MOST_VARIANTS]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [a + b for a in templates(left, named) for b in templates(right, named)]
    return []


def _variants(joined: ast.JoinedStr, named: dict[str, str]) -> Iterator[list[str | ast.expr]]:
    for value in joined.values:
        match value:
            case ast.Constant(value=str(text)):
                yield [text.replace("{", "{{").replace("}", "}}")]
            case ast.FormattedValue(value=ast.IfExp(body=body, orelse=orelse)):
                yield [*_alternatives(body, named), *_alternatives(orelse, named)]
            case ast.FormattedValue(value=ast.Name(id=name)) if name in named:
                yield [named[name]]
            case ast.FormattedValue(value=expression):
                yield [expression]


def _alternatives(node: ast.expr, named: dict[str, str]) -> list[str | ast.expr]:
    """What stands in the hole of a choice: a text, what another f-string has, or an expression."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            return [_Joined(pieces) for pieces in product(*_variants(node, named))]
    return [node]


class _Joined(ast.expr):
    """Pieces of a text in a text."""

    def __init__(self, pieces: tuple[str | ast.expr, ...]) -> None:
        super().__init__()
        self.pieces = pieces


def _with_names(pieces: tuple[str | ast.expr, ...]) -> str:
    used: dict[str, int] = {}
    return "".join(_named(piece, used) for piece in pieces)


def _named(piece: str | ast.expr, used: dict[str, int]) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, _Joined):
        return "".join(_named(one, used) for one in piece.pieces)
    name = _hole(piece)
    used[name] = used.get(name, 0) + 1
    return f"{{{name}}}" if used[name] == 1 else f"{{{name}_{used[name]}}}"


def _hole(node: ast.AST) -> str:
    """A name for what fills a hole: the last word of the expression that says what it is."""
    match node:
        case ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Attribute(value=base, attr="value" | "name" | "text" | "stem"):
            return _hole(base)
        case ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(value=base, slice=ast.Constant(value=str(name))):
            return name if name.isidentifier() else _hole(base)
        case ast.Subscript(value=ast.Name(id=name), slice=key) if name.isupper():
            return _hole(key)
        case ast.Subscript(value=base):
            return _hole(base)
        case ast.Call(func=ast.Attribute(attr="join"), args=[argument]):
            return _hole(argument)
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() | ast.Call() as base), args=[]):
            return _hole(base)
        case ast.Call(args=[argument, *_]):
            return _hole(argument)
        case ast.Call(func=function):
            return _hole(function)
        case ast.BinOp(left=left, right=right):
            return _hole(right) if isinstance(left, ast.Constant) else _hole(left)
        case ast.UnaryOp(operand=operand):
            return _hole(operand)
        case ast.BoolOp(values=[first, *_]):
            return _hole(first)
        case ast.IfExp(body=body):
            return _hole(body)
        case ast.GeneratorExp(generators=[one, *_]) | ast.ListComp(generators=[one, *_]):
            return _hole(one.iter)
    return "value"
