"""Compares the body of a webhook with its schema under `webhooks` in docs/api/openapi.json."""

import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/api/openapi.json")) as file:
    DOCUMENT = json.load(file)
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float), "integer": int, "null": type(None)}


def resolved(schema):
    while "$ref" in schema:
        found = DOCUMENT
        for part in schema["$ref"][2:].split("/"):
            found = found[part]
        schema = found
    return schema


def names(schema):
    """The members that an object may have; None: any."""
    schema = resolved(schema)
    if schema.get("additionalProperties"):
        return None
    out = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        out |= names(part)
    return out


def faults(schema, value, where="body"):
    """What does not agree, each as a sentence."""
    schema, out = resolved(schema), []
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)) for kind in kinds):
        return ["%s is no %s: %s" % (where, " or ".join(kinds), value)]
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        out.append("%s has the unknown value %s" % (where, value))
    if isinstance(value, dict):
        out += ["%s has no %s" % (where, name) for name in schema.get("required", []) if name not in value]
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                out += faults(inner, value[name], "%s.%s" % (where, name))
    for i, one in enumerate(value if isinstance(value, list) else []):
        out += faults(schema.get("items", {}), one, "%s[%d]" % (where, i))
    for part in schema.get("allOf", []):
        out += faults(part, value, where)
    if "oneOf" in schema:
        each = [faults(part, value, where) + unknown(part, value, where) for part in schema["oneOf"]]
        if sum(not one for one in each) != 1:
            out += min(each, key=len) or ["%s agrees with several schemas" % where]
    return out


def unknown(schema, value, where):
    """Members that the schema does not name."""
    schema, known = resolved(schema), names(schema)
    if not isinstance(value, dict) or known is None or "oneOf" in schema:
        return []
    out = ["%s has the member %s, which its schema does not have" % (where, name) for name in value if name not in known]
    for part in [schema, *map(resolved, schema.get("allOf", []))]:
        for name, inner in part.get("properties", {}).items():
            if name in value:
                out += unknown(inner, value[name], "%s.%s" % (where, name))
    return out


def webhook_faults(body):
    name = body.get("type", body.get("event"))
    if name not in DOCUMENT["webhooks"]:
        return ["docs/api/openapi.json has no webhook %s" % name]
    schema = DOCUMENT["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return faults(schema, body) + unknown(schema, body, "body")
