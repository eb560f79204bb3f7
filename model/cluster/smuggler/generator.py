"""The seeded generator of everything random in a run: the editor's own, so that a run goes on with the same draws in either."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .errors import SmugglerError

_MASK = (1 << 64) - 1


def _signed(word: int) -> int:
    """32 bits as a signed integer."""
    return word - (1 << 32) if word >= 1 << 31 else word


class Generator:
    """xoroshiro128+ of which the low 32 bits of each output are used. Its state is all there is to it."""

    def __init__(self, low: int, high: int) -> None:
        """The two 64-bit halves of the state, not both 0."""
        self._s0 = low
        self._s1 = high

    @staticmethod
    def from_seed(seed: int) -> Generator:
        """Different seeds give different streams: each half of the seed goes through the Mersenne Twister."""
        first = np.random.RandomState(seed & 0xFFFFFFFF).randint(0, 2**32, 4, np.uint32)
        second = np.random.RandomState((seed >> 32) & 0xFFFFFFFF).randint(0, 2**32, 4, np.uint32)
        words = [(int(a) + int(b) * 0x9E3779B1) & 0xFFFFFFFF for a, b in zip(first, second)]
        return Generator(words[0] << 32 | words[1], words[2] << 32 | words[3])

    @staticmethod
    def from_words(words: Sequence[int]) -> Generator:
        """Raises SmugglerError where the state is not four 32-bit integers, not all 0."""
        if len(words) != 4 or not any(words) or not all(type(w) is int and -(2**31) <= w < 2**31 for w in words):
            raise SmugglerError(f"The random state is {list(words)}, expected four 32-bit integers, not all 0.")
        a, b, c, d = (word & 0xFFFFFFFF for word in words)
        return Generator(a << 32 | b, c << 32 | d)

    def words(self) -> list[int]:
        """The state as four signed 32-bit integers."""
        halves = (self._s0 >> 32, self._s0 & 0xFFFFFFFF, self._s1 >> 32, self._s1 & 0xFFFFFFFF)
        return [_signed(word) for word in halves]

    def next(self) -> int:
        """32 random bits, 0 to 2^32 − 1."""
        s0, s1 = self._s0, self._s1
        out = (s0 + s1) & 0xFFFFFFFF
        self._s0, self._s1 = _advance(s0, s1)
        return out

    def integer(self, bound: int) -> int:
        """Uniform in 0..bound−1, without bias."""
        if bound <= 1 << 32:
            most = (1 << 32) // bound * bound
            while True:
                # As signed integers from their least on.
                value = self.next() ^ 0x80000000
                if value < most:
                    return value % bound
        high, low = divmod(bound, 1 << 32)
        while True:
            drawn = self.integer(high + 1), self.integer(1 << 32)
            if drawn < (high, low):
                return drawn[0] << 32 | drawn[1]

    def normals(self, count: int) -> np.ndarray:
        """Standard normal numbers, float64 [count] (Box–Muller, of which the second value is not kept)."""
        raw = self._outputs(4 * count).reshape(count, 4)
        parts = (raw & np.array([0x3FFFFFF, 0x7FFFFFF] * 2, np.uint64)).astype(np.float64)
        scaled = parts * np.array([2.0**-26, 2.0**-53] * 2)
        first, second = scaled[:, 0] + scaled[:, 1], scaled[:, 2] + scaled[:, 3]
        return np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)

    def _outputs(self, count: int) -> np.ndarray:
        """The next `count` outputs, uint64 [count]: computed in lanes that each begin where the one before ends."""
        lanes = 1024
        length = -(-count // lanes)
        power = _step_power(length)
        state = self._s0 | self._s1 << 64
        starts = np.empty((2, lanes), np.uint64)
        for lane in range(lanes):
            starts[0, lane], starts[1, lane] = state & _MASK, state >> 64
            state = _apply(power, state)
        s0, s1 = starts
        out = np.empty((length, lanes), np.uint64)
        for i in range(length):
            out[i] = s0 + s1
            s0, s1 = _advance_lanes(s0, s1)
        last = _apply(_step_power(count), self._s0 | self._s1 << 64)
        self._s0, self._s1 = last & _MASK, last >> 64
        return out.T.reshape(-1)[:count] & np.uint64(0xFFFFFFFF)


def _advance(s0: int, s1: int) -> tuple[int, int]:
    s1 ^= s0
    rotated = (s0 << 24 | s0 >> 40) & _MASK
    return (rotated ^ s1 ^ s1 << 16) & _MASK, (s1 << 37 | s1 >> 27) & _MASK


def _advance_lanes(s0: np.ndarray, s1: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `_advance`, on uint64 arrays."""
    shift = [np.uint64(n) for n in (24, 40, 16, 37, 27)]
    s1 = s1 ^ s0
    rotated = s0 << shift[0] | s0 >> shift[1]
    return rotated ^ s1 ^ s1 << shift[2], s1 << shift[3] | s1 >> shift[4]


# A step is linear over bits: a matrix of 128 columns, each the state that one bit alone leads to.


def _apply(matrix: list[int], state: int) -> int:
    result = 0
    for column in matrix:
        if state & 1:
            result ^= column
        state >>= 1
    return result


def _step_power(count: int) -> list[int]:
    """The matrix of `count` steps."""
    result = [1 << bit for bit in range(128)]
    power = []
    for bit in range(128):
        s0, s1 = _advance(1 << bit & _MASK, 1 << bit >> 64)
        power.append(s0 | s1 << 64)
    while count:
        if count & 1:
            result = [_apply(power, column) for column in result]
        power = [_apply(power, column) for column in power]
        count >>= 1
    return result
