"""Values to plain JSON and back, by the types their fields declare.

One codec for every frozen value of the solver, so that a new field is in the file the day it is declared.
Arrays become nested lists of integers; an array without entries but with more than one dimension keeps its
shape.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

Faults = list[str]
"""What is wrong, each with the JSON pointer of its place."""


class _WrongError(Exception):
    """Somewhere inside, a value was refused; the fault is already noted."""


def encode(value: Any) -> Any:
    """The value as dictionaries, lists, integers, strings and None; whole floats become integers."""
    if is_dataclass(value):
        return {item.name: encode(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, np.ndarray):
        return _encode_array(value)
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _encode_array(array: np.ndarray[Any, Any]) -> Any:
    if array.ndim > 1 and array.size == 0:
        return {"shape": list(array.shape)}
    whole: Any = array.astype(np.int8) if array.dtype == np.bool_ else array
    return whole.tolist()


def decode(kind: Any, data: Any, pointer: str, faults: Faults) -> Any:
    """`data` as a value of the declared type `kind`; None, and lines in `faults`, if it is not one."""
    try:
        return _decode(kind, data, pointer, faults)
    except _WrongError:
        return None


def _decode(kind: Any, data: Any, pointer: str, faults: Faults) -> Any:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _decode_fields(kind, data, pointer, faults)
    if origin in (Union, UnionType):
        inner = next(option for option in get_args(kind) if option is not type(None))
        return None if data is None else _decode(inner, data, pointer, faults)
    if origin is np.ndarray:
        return _decode_array(get_args(get_args(kind)[1])[0], data, pointer, faults)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data, pointer, faults)
    if origin is not None and origin is not Literal:
        return _decode_mapping(get_args(kind)[1], data, pointer, faults)
    return _decode_plain(kind, data, pointer, faults)


def _decode_plain(kind: Any, data: Any, pointer: str, faults: Faults) -> Any:
    if get_origin(kind) is Literal:
        fits = isinstance(data, str) and data in get_args(kind)
        expected = f"one of {', '.join(get_args(kind))}"
    elif kind is float:
        fits = isinstance(data, int | float) and not isinstance(data, bool)
        expected = "a number"
    else:
        fits = type(data) is kind
        expected = {int: "a whole number", bool: "true or false", str: "a text"}.get(kind, "another value")
    if not fits:
        return _refuse(data, expected, pointer, faults)
    return float(data) if kind is float else data


def _refuse(data: Any, expected: str, pointer: str, faults: Faults) -> Any:
    found = repr(data)
    faults.append(f"{pointer or '/'}: {found[:60]}{'…' * (len(found) > 60)}; expected {expected}.")
    raise _WrongError


def _decode_array(dtype: Any, data: Any, pointer: str, faults: Faults) -> Any:
    if isinstance(data, dict) and set(data) == {"shape"}:
        shape = _decode(tuple[int, ...], data["shape"], f"{pointer}/shape", faults)
        if 0 not in shape or min(shape) < 0 or max(shape) > 2**31:
            return _refuse(shape, "a shape without entries", f"{pointer}/shape", faults)
        return np.zeros(shape, dtype)
    if not isinstance(data, list):
        return _refuse(data, "a list of whole numbers", pointer, faults)
    try:
        array = (
            np.array(data, dtype=object) if dtype is np.uint64 else np.array(data or np.zeros(0, np.int64))
        )
    except (ValueError, OverflowError):
        return _refuse(data, "rows of equal length", pointer, faults)
    return _whole_numbers(array, dtype, data, pointer, faults)


def _whole_numbers(array: Any, dtype: Any, data: Any, pointer: str, faults: Faults) -> Any:
    if array.dtype == object:
        whole = all(type(entry) is int for entry in array.flat)
    else:
        whole = array.dtype.kind == "i"
    if not whole:
        return _refuse(data, "whole numbers only", pointer, faults)
    low, high = (0, 1) if dtype is np.bool_ else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    if array.size and (array.min() < low or array.max() > high):
        return _refuse([array.min(), array.max()], f"numbers from {low} to {high}", pointer, faults)
    return array.astype(dtype)


def _decode_tuple(kinds: tuple[Any, ...], data: Any, pointer: str, faults: Faults) -> Any:
    if not isinstance(data, list):
        return _refuse(data, "a list", pointer, faults)
    if kinds[-1] is Ellipsis:
        expected = [kinds[0]] * len(data)
    elif len(kinds) == len(data):
        expected = list(kinds)
    else:
        return _refuse(data, f"{len(kinds)} entries", pointer, faults)
    steps = zip(expected, data, strict=True)
    return tuple(
        _decode(kind, item, f"{pointer}/{place}", faults) for place, (kind, item) in enumerate(steps)
    )


def _decode_mapping(kind: Any, data: Any, pointer: str, faults: Faults) -> Any:
    if not isinstance(data, dict):
        return _refuse(data, "an object", pointer, faults)
    return {key: _decode(kind, item, f"{pointer}/{key}", faults) for key, item in data.items()}


@cache
def _declared(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Per field: its type, and whether it must be given."""
    hints = get_type_hints(kind)
    return {item.name: (hints[item.name], _required(item)) for item in fields(kind)}


def _required(item: "Field[Any]") -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _decode_fields(kind: Any, data: Any, pointer: str, faults: Faults) -> Any:
    if not isinstance(data, dict):
        return _refuse(data, "an object", pointer, faults)
    declared, before = _declared(kind), len(faults)
    faults += [f"{pointer}/{name}: unknown." for name in data if name not in declared]
    faults += [
        f"{pointer}/{name}: missing." for name, (_, needed) in declared.items() if needed and name not in data
    ]
    values = {
        name: decode(declared[name][0], item, f"{pointer}/{name}", faults)
        for name, item in data.items()
        if name in declared
    }
    if len(faults) > before:
        raise _WrongError
    try:
        return kind(**values)
    except (ValueError, IndexError) as refused:
        faults.append(f"{pointer or '/'}: {refused}")
        raise _WrongError from refused
