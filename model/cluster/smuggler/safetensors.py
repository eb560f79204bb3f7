"""The safetensors format, read strictly from untrusted files and written: named arrays behind a JSON header."""

from __future__ import annotations

import dataclasses
import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import SmugglerError

_DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "F32": np.dtype("<f4"),
    "I32": np.dtype("<i4"),
    "F16": np.dtype("<f2"),
    "U8": np.dtype("u1"),
}
_METADATA = "__metadata__"
#: The limit that the format's own implementation sets.
_MAX_HEADER_BYTES = 100_000_000


@dataclasses.dataclass(frozen=True)
class Safetensors:
    """What a file holds; arrays have their file's element type and shape."""

    tensors: dict[str, np.ndarray]
    metadata: dict[str, str]


def decode_safetensors(data: bytes, source: str) -> Safetensors:
    """Decodes a whole file; the arrays are read-only views of `data`. `source` names the file in errors.

    Raises SmugglerError naming the tensor, what was found and expected.
    """

    def fail(what: str) -> SmugglerError:
        return SmugglerError(f"{source}: {what}.")

    if len(data) < 8:
        raise fail(f"the file has {len(data)} bytes, expected a safetensors file of at least 10")
    (length,) = struct.unpack_from("<Q", data)
    most = min(_MAX_HEADER_BYTES, len(data) - 8)
    if not 2 <= length <= most:
        raise fail(f"the header's length is {length}, expected 2 to {most}; the file is truncated or not safetensors")
    try:
        header = json.loads(data[8 : 8 + length].decode("utf-8"))
    except ValueError as error:
        raise fail("the header is not JSON in UTF-8, expected a safetensors file") from error
    if not isinstance(header, dict):
        raise fail("the header is not an object, expected one entry a tensor")
    metadata = header.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise fail(f'"{_METADATA}" is not an object of strings, expected strings by name')

    body = memoryview(data)[8 + length :]
    tensors: dict[str, np.ndarray] = {}
    at = 0
    for name, entry in sorted(header.items(), key=lambda item: _offsets(item[1], item[0], fail)):
        begin, end = _offsets(entry, name, fail)
        dtype, shape = _type_and_shape(entry, name, fail)
        if begin != at:
            raise fail(f'tensor "{name}" begins at byte {begin}, expected {at}, the end of the one before it')
        if end > len(body):
            raise fail(f'tensor "{name}" ends at byte {end} of the data, but the file has {len(body)}; it is truncated')
        if end - begin != math.prod(shape) * dtype.itemsize:
            raise fail(f'tensor "{name}" takes {end - begin} bytes, expected {math.prod(shape) * dtype.itemsize}')
        tensors[name] = np.frombuffer(body[begin:end], dtype).reshape(shape)
        at = end
    if at != len(body):
        raise fail(f"the file has {len(body)} bytes of data, expected the {at} of its tensors")
    return Safetensors(tensors, metadata)


def _is_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _offsets(entry: Any, name: str, fail: Any) -> tuple[int, int]:
    offsets: Any = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not _is_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise fail(f'tensor "{name}" has data_offsets {json.dumps(offsets)}, expected its first and last byte')
    return offsets[0], offsets[1]


def _type_and_shape(entry: dict[str, Any], name: str, fail: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    dtype: Any = entry.get("dtype")
    shape: Any = entry.get("shape")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise fail(f'tensor "{name}" has dtype {json.dumps(dtype)}, expected one of {", ".join(_DTYPES)}')
    if not _is_sizes(shape):
        raise fail(f'tensor "{name}" has shape {json.dumps(shape)}, expected a list of non-negative integers')
    return _DTYPES[dtype], tuple(shape)


def encode_safetensors(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None) -> bytes:
    """Encodes arrays as a whole file, the widest elements first, so that each is aligned in it."""
    names = {dtype: name for name, dtype in _DTYPES.items()}
    header: dict[str, Any] = {_METADATA: dict(metadata)} if metadata else {}
    parts: list[bytes] = []
    at = 0
    for name, array in sorted(tensors.items(), key=lambda item: -item[1].dtype.itemsize):
        dtype = array.dtype.newbyteorder("<")
        end = at + array.nbytes
        header[name] = {"dtype": names[dtype], "shape": list(array.shape), "data_offsets": [at, end]}
        parts.append(np.ascontiguousarray(array, dtype).tobytes())
        at = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])
