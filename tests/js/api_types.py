"""Write the API's OpenAPI schema as TypeScript declarations, against which the scripts are checked.

`python -m tests.js.api_types` writes types/api.d.ts; with `--check` it fails if the file is not what it would write.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

TYPES = Path(__file__).parents[2] / "types" / "api.d.ts"
ADVICE = "types/api.d.ts is not what the API's schema says: run `make api-types`, then mend the scripts."
HEADER = """\
// Generated from the API's OpenAPI schema by `make api-types`. Do not edit.

declare namespace schema {"""

type Json = dict[str, Any]

_PREFIX = "/api/v1"
_REF = "#/components/schemas/"
_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def declarations(openapi: Json) -> str:
    """Return the text of the declarations: an interface for each object, and `Operations` by method and path.

    Descriptions are left out: only a change of what is sent has to break the check of the scripts.
    """
    components = openapi["components"]["schemas"]
    answered = _reachable(_answers_of(openapi), components)
    lines = [HEADER]
    for name, shape in sorted(components.items()):
        lines += _declaration(name, shape, is_answer=name in answered)
    lines += ["  interface Operations {", *_operations(openapi["paths"]), "  }", "}", ""]
    return "\n".join(lines)


def _declaration(name: str, shape: Json, *, is_answer: bool) -> Iterator[str]:
    if "properties" not in shape:
        yield f"  type {name} = {_type(shape)};\n"
        return
    yield f"  interface {name} {{"
    for field, value in shape["properties"].items():
        # A field with a default may be left out of a request; an answer always has it.
        mark = "" if is_answer or field in shape.get("required", []) else "?"
        yield f"    {field}{mark}: {_type(value)};"
    yield "  }\n"


def _type(shape: Json) -> str:
    if "$ref" in shape:
        return str(shape["$ref"]).removeprefix(_REF)
    if values := shape.get("enum") or [shape[key] for key in ("const",) if key in shape]:
        return " | ".join(json.dumps(value) for value in values)
    if alternatives := shape.get("anyOf") or shape.get("allOf"):
        return " | ".join(_type(alternative) for alternative in alternatives)
    if shape.get("type") == "array":
        return f"Array<{_type(shape['items'])}>"
    if shape.get("type") == "object":
        return f"Record<string, {_type(shape['additionalProperties'])}>"
    return _SCALARS[shape["type"]]


def _operations(paths: Json) -> Iterator[str]:
    """Yield each operation; those of guests are the owner's under an address of their own."""
    for path, item in paths.items():
        for method, operation in item.items():
            if method == "parameters" or "{token}" in path:
                continue
            parameters = [*operation.get("parameters", []), *item.get("parameters", [])]
            yield f'    "{method.upper()} {path.removeprefix(_PREFIX)}": {{'
            yield f"      params: {_parameters(parameters, 'path')};"
            yield f"      query: {_parameters(parameters, 'query')};"
            yield f"      body: {_body(operation)};"
            yield f"      answer: {' | '.join(sorted({_type(shape) for shape in _answers(operation)}))};"
            yield "    };"


def _parameters(parameters: list[Json], place: str) -> str:
    fields = [
        f"{parameter['name']}{'' if parameter.get('required') else '?'}: {_type(parameter['schema'])}"
        for parameter in parameters
        if parameter["in"] == place
    ]
    return f"{{ {'; '.join(fields)} }}" if fields else "Record<never, never>"


def _body(operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return _type(content["application/json"]["schema"]) if content else "undefined"


def _answers(operation: Json) -> Iterator[Json]:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            content = answer.get("content")
            yield content["application/json"]["schema"] if content else {"type": "null"}


def _answers_of(openapi: Json) -> Iterator[Json]:
    yield {"$ref": f"{_REF}Problem"}
    for item in openapi["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                yield from _answers(operation)


def _reachable(shapes: Iterator[Json], components: Json) -> set[str]:
    """Return the names of all components to which these shapes lead."""
    names: set[str] = set()
    waiting: list[Any] = [*shapes]
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, list):
            waiting += shape
        elif isinstance(shape, dict):
            waiting += shape.values()
        elif isinstance(shape, str) and shape.startswith(_REF) and shape.removeprefix(_REF) not in names:
            names.add(shape.removeprefix(_REF))
            waiting.append(components[shape.removeprefix(_REF)])
    return names


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from sharing.api.api import api

    text = declarations(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
    if arguments == ["--check"]:
        if not TYPES.exists() or TYPES.read_text() != text:
            print(ADVICE, file=sys.stderr)  # noqa: T201
            return 1
        return 0
    TYPES.parent.mkdir(exist_ok=True)
    TYPES.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
