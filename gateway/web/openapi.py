"""The interface's own description (OpenAPI 3.1), made from the routes and the models that check the requests."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from gateway.web.api.models import Problem
from gateway.web.routes import BASE, Route

_PATH_PART = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{model}"


def describe(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """Return the document for these routes."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    wanted |= {(route.takes, "validation"): None for route in routes if route.takes is not None}
    wanted |= {(route.gives, "serialization"): None for route in routes if route.gives is not None}
    names, schemas = models_json_schema(list(wanted), ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route, names, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Intake Gateway: the desk's interface", "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sid"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(route: Route, names: dict[Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PATH_PART.findall(route.path)
    ]
    said: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__}",
        "summary": route.summary,
        "responses": _responses(route, names),
    }
    if route.action is not None:
        said["security"] = [{"session": []}, {"token": []}]
        said["x-right"] = route.action.value
    if route.takes is not None and route.is_query:
        model = schemas["$defs"][names[route.takes, "validation"]["$ref"].rpartition("/")[2]]
        parameters += [
            {"name": name, "in": "query", "required": name in model.get("required", ()), "schema": schema}
            for name, schema in model["properties"].items()
        ]
    elif route.takes is not None:
        said["requestBody"] = _body("application/json", names[route.takes, "validation"])
    elif route.takes_file:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        schema = {"type": "object", "properties": {"file": file}, "required": ["file"]}
        said["requestBody"] = _body("multipart/form-data", schema)
    return said | ({"parameters": parameters} if parameters else {})


def _body(kind: str, schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {kind: {"schema": schema}}}


def _responses(route: Route, names: dict[Any, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if route.gives is not None:
        done["content"] = {"application/json": {"schema": names[route.gives, "serialization"]}}
    elif route.streams:
        done["content"] = {"text/event-stream": {"schema": {"type": "string"}}}
    refused = {*route.refusals, *((401, 403) if route.action else ()), *((422,) if route.takes else ()), 503}
    problem = {"application/problem+json": {"schema": names[Problem, "serialization"]}}
    return {str(route.status): done} | {
        str(status): {"description": "Refused", "content": problem} for status in sorted(refused)
    }
