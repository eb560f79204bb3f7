/** @file The pieces that text is cut into, and quadrature. */
import { expect, it } from 'vitest';
import { occlude } from '../../../model/attribution/occlusion';
import { pieces } from '../../../model/attribution/pieces';
import { gaussLegendre } from '../../../model/attribution/quadrature';

const bytes = new TextEncoder().encode('if (größe_1 >= 2)\n  go();\n');
const decoder = new TextDecoder();

function texts(unit: Parameters<typeof pieces>[3], from = 0, to = bytes.length): string[] {
  return pieces(bytes, from, to, unit).map(({ start, end }) => decoder.decode(bytes.subarray(start, end)));
}

it('words are runs of letters, digits and non-ASCII characters, of blanks, and of marks', () => {
  expect(texts('word')).toEqual(['if', ' ', '(', 'größe_1', ' ', '>=', ' ', '2', ')', '\n  ', 'go', '();', '\n']);
});

it('lines end with their line feed, chunks at multiples of four, and both at the ends of what is cut', () => {
  expect(texts('line')).toEqual(['if (größe_1 >= 2)\n', '  go();\n']);
  expect(pieces(bytes, 2, 11, 'chunk')).toEqual([
    { start: 2, end: 4 },
    { start: 4, end: 8 },
    { start: 8, end: 11 },
  ]);
  expect(texts('byte', 0, 3)).toEqual(['i', 'f', ' ']);
  expect(texts('line', 5, 5)).toEqual([]);
});

it('text is replaced by spaces, and spaces by zeros', () => {
  const replaced = new TextEncoder().encode('ab    c');
  occlude(replaced, 0, 3);
  occlude(replaced, 3, 6);
  expect([...replaced]).toEqual([32, 32, 32, 0, 0, 0, 99]);
});

it.each([1, 2, 5, 16, 256])('%i nodes integrate every polynomial below twice that degree', (n) => {
  const { nodes, weights } = gaussLegendre(n);
  for (const degree of [0, 1, Math.min(n, 40), Math.min(2 * n - 1, 40)]) {
    const integral = nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0);
    expect(integral).toBeCloseTo(1 / (degree + 1), 12);
  }
  expect(nodes).toEqual(nodes.toSorted((a, b) => a - b));
});
