/** @file The table of claims in Markdown: every claim once at least, numbers with intervals, cells that hold what is in them. */
import { expect, it } from 'vitest';
import { digits } from '../../../model/experiments/charts';
import { CLAIMS } from '../../../model/measures/claims';
import { claimsMarkdown } from '../../../model/report/claimsMarkdown';
import { experimentResult, experimentSetup } from '../../webview/page/experiments';

function rowsOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.slice(2, -2).split(/(?<!\\) \| /));
}

it('has every claim, found or not tested', () => {
  const text = claimsMarkdown([experimentResult()]);
  const rows = rowsOf(text);
  expect(rows.map(([claim]) => claim)).toEqual(CLAIMS.map(({ claim }) => claim));
  expect(rows[0]).toEqual([
    CLAIMS[0].claim,
    'distance of p from the largest vote, τ from 0 to 102',
    '0.0031 (95 %: 0.0027 … 0.0035), N = 6 seeds',
    '**holds** From τ = 25.6 on, p is within 0.01 of the largest vote.',
    'Sparsity',
  ]);
  expect(rows[3]!.slice(2)).toEqual(['', 'not tested', 'Throughput']);
  expect(text).not.toContain('A quick run');
});

it('says that a run was quick, and lets no text end its cell', () => {
  const [finding] = experimentResult().findings;
  const text = claimsMarkdown([
    experimentResult({
      setup: experimentSetup({ quick: true }),
      findings: [{ ...finding!, because: 'a | b\nc' }],
    }),
  ]);
  expect(text).toContain('A quick run');
  const [row] = rowsOf(text);
  expect(row).toHaveLength(5);
  expect(row!.slice(3)).toEqual(['**holds** a \\| b c', 'Sparsity (quick)']);
});

it('says that what was measured is not decided, where it gives no verdict', () => {
  const [finding] = experimentResult().findings;
  const [row] = rowsOf(claimsMarkdown([experimentResult({ findings: [{ ...finding!, verdict: 'not tested' }] })]));
  expect(row![3]).toMatch(/^\*\*not decided\*\* /);
});

it('says which of several runs were quick', () => {
  const quick = experimentResult({ setup: experimentSetup({ quick: true }) });
  const both = claimsMarkdown([quick, { ...experimentResult(), name: 'capacity', findings: [] }]);
  expect(both).toContain('What is marked (quick): a quick run');
  expect(claimsMarkdown([quick])).toMatch(/^A quick run/m);
});

it('negative numbers have a minus sign, as everywhere', () => {
  const [finding] = experimentResult().findings;
  const estimate = { ...finding!.estimate, value: -0.308, interval: [-0.361, -0.255] as const };
  const [row] = rowsOf(claimsMarkdown([experimentResult({ findings: [{ ...finding!, estimate }] })]));
  expect(row![2]).toMatch(/^−0\.308.* \(95 %: −0\.361 … −0\.255\)/);
  expect([-0.111, -1e-9, 2.5].map(digits)).toEqual(['−0.11', '−1e-9', '2.5']);
});
