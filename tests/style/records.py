"""Records good and bad, made from the JSON Schema, and what it says of them.

records.py make SCHEMA          prints records
records.py check SCHEMA FILE    prints "N good" or "N bad" for each line
records.py unknown SCHEMA FILE  prints "TYPE FIELD" for what it does not name
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator

TIME = "2026-11-22T10:00:00.000Z"
TEXT = {
    "^[0-9a-f]{16}$": "0123456789abcdef",
    "^[0-9a-f]{32}$": "0123456789abcdef" * 2,
    "^[0-9a-f]{64}$": "0123456789abcdef" * 4,
    "^([0-9a-f]{16}|none)$": "none",
    "^[0-9a-f:.]{2,45}$": "198.18.0.1",
}
WRONG = {"string": 7, "integer": "7", "boolean": 0, "array": {}, "object": []}


def value(s, full):
    """The least or the fullest value that the schema s takes."""
    if "enum" in s:
        return s["enum"][-1]
    kind = s["type"]
    if kind == "integer":
        return s.get("maximum" if full else "minimum")
    if kind == "boolean":
        return full
    if kind == "string":
        return TEXT.get(s["pattern"], TIME) if "pattern" in s else "x"
    if kind == "array":
        if s.get("minItems") == 2:
            return [0, 7]
        return [value(s["items"], full)] if full else []
    need = s.get("required", []) + s.get("else", {}).get("required", [])
    return {
        name: value(field, full)
        for name, field in s.get("properties", {}).items()
        if name != "origin" and (full or name in need)
    }


def without(record, name):
    return {k: v for k, v in record.items() if k != name}


def wrong(big, name, field):
    """The record big with field name wrong in each way."""
    yield {**big, name: WRONG[field.get("type", "string")]}
    yield {**big, name: None}
    if "minimum" in field:
        yield {**big, name: field["minimum"] - 1}
        if field["maximum"] < 2**53 - 1:
            yield {**big, name: field["maximum"] + 1}
    if "enum" in field:
        yield {**big, name: "no such word"}
    if field.get("type") == "array":
        yield {**big, name: [{"a": {}}, 1]}
        yield {**big, name: [[1, 2, 3]]}
    for inner in field.get("required", []):
        less = copy.deepcopy(big)
        del less[name][inner]
        yield less


def records(schema):
    common = {"v": 1, "ts": TIME}
    for name, s in schema["$defs"].items():
        kind = {"type": name + "x" if name.endswith(".") else name}
        small = {**common, **kind, **value(s, False)}
        big = {**common, **kind, **value(s, True)}
        yield from (small, big, {**big, "unknown_field": [{"a": None}]})
        yield from (without(small, k) for k in small if k != "type")
        for k, field in s["properties"].items():
            if k != "origin":
                yield from wrong(big, k, field)
        if "else" in s:
            least = {**common, **kind, "origin": "store"}
            for k in s["required"]:
                least[k] = value(s["properties"][k], False)
            yield least
            yield from (without(least, k) for k in least if k != "type")
            yield {**least, "origin": "somebody"}
    other = {**common, "type": "unknown.type"}
    yield from (other, {**other, "v": 2}, {**other, "type": ""})
    for ts in ("2026-11-22T10:00:00.123456789Z", "2026-11-22T10:00:00Z",
               "2026-11-22 10:00:00.000Z", "2026-11-22T10:00:00.000+00:00"):
        yield {**other, "ts": ts}


def unknown(schema, record):
    """The fields of a record that the schema does not name."""
    known = schema["$defs"].get(record["type"], {"properties": {}})
    names = {**schema["properties"], **known["properties"]}
    return sorted(set(record) - set(names))


def main(verb, schema, path=None):
    with open(schema, encoding="utf-8") as f:
        schema = json.load(f)
    Draft202012Validator.check_schema(schema)
    if verb == "make":
        for record in records(schema):
            print(json.dumps(record, separators=(",", ":")))
        return
    judge = Draft202012Validator(schema)
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            record = json.loads(line)
            if verb == "unknown":
                for name in unknown(schema, record):
                    print(record["type"], name)
                continue
            print(number, "good" if judge.is_valid(record) else "bad")


main(*sys.argv[1:])
