"""Sorting, three ways, with a check that they agree."""

import random


def insertion_sort(values):
    """Sort a small list in place. Quadratic, but quick for a handful of values."""
    for i in range(1, len(values)):
        value = values[i]
        j = i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
    return values


def merge_sort(values):
    """Return a sorted copy. Stable, and never worse than n log n."""
    if len(values) <= 1:
        return list(values)
    middle = len(values) // 2
    left = merge_sort(values[:middle])
    right = merge_sort(values[middle:])
    merged = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    merged.extend(left[i:])
    merged.extend(right[j:])
    return merged


def quick_sort(values, low=0, high=None):
    """Sort in place around a random pivot."""
    if high is None:
        high = len(values) - 1
    while low < high:
        if high - low < 8:
            values[low : high + 1] = insertion_sort(values[low : high + 1])
            return values
        pivot = values[random.randint(low, high)]
        i = low
        j = high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        # Recur into the smaller part, go on with the larger one: the stack stays shallow.
        if j - low < high - i:
            quick_sort(values, low, j)
            low = i
        else:
            quick_sort(values, i, high)
            high = j
    return values


def check(rounds=100, seed=7):
    """Compare all three with the built-in sort on random lists."""
    random.seed(seed)
    for size in range(rounds):
        values = [random.randint(-50, 50) for _ in range(size)]
        expected = sorted(values)
        assert insertion_sort(list(values)) == expected
        assert merge_sort(values) == expected
        assert quick_sort(list(values)) == expected
    return rounds


if __name__ == "__main__":
    print(f"{check()} lists sorted, all three agree")
