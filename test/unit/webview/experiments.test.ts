/** @file The Experiments panel’s pure parts: numbers as precise as their intervals, arms, scales, claims and tables. */
import { describe, expect, it } from 'vitest';
import { CLAIMS } from '../../../model/measures/claims';
import {
  armSlots,
  cautions,
  certaintyText,
  claimRows,
  claimsSentence,
  claimsSummary,
  claimsTable,
  formatValue,
  modelStanding,
  pointText,
  resultTable,
  setupRows,
  standing,
  valueText,
} from '../../../webview/experiments/describe';
import { tickTexts } from '../../../webview/shared/chart/ticks';
import { markAt, slotClass } from '../../../webview/experiments/marks';
import { plotScale, ticksFor } from '../../../webview/experiments/scales';
import {
  experimentResult,
  experimentSetup,
  measuredModel,
  shownExperiment,
  threeExperiments,
} from '../../webview/page/experiments';

describe('numbers', () => {
  it('are as precise as their intervals allow', () => {
    expect(formatValue(91.27, [88.1, 94.4])).toBe('91.3');
    expect(formatValue(1.83123, [1.8302, 1.8321])).toBe('1.8312');
    expect(formatValue(15_321.4, [14_100, 16_500])).toBe('15,321');
    expect(formatValue(0.5, [0.5, 0.5])).toBe('0.5');
    expect(formatValue(3e-7, [1e-7, 5e-7])).toBe('3e-7');
    expect(formatValue(2.34567, null)).toBe('2.35');
    expect(pointText(4.1, null)).toBe('4.1');
    expect(pointText(null, null)).toBe('undefined');
  });

  it('that are undefined say why', () => {
    const estimate = { value: null, interval: null, n: 0, of: 'seeds', unit: 'voters', reason: 'no run is done' };
    expect(valueText(estimate)).toBe('undefined: no run is done');
    expect(certaintyText(estimate)).toBe('N = 0 seeds');
    expect(certaintyText({ ...estimate, value: 1, n: 1 })).toBe('no interval · N = 1 seed');
  });
});

describe('arms', () => {
  it('have their place from the first chart that shows them', () => {
    expect([...armSlots(experimentResult().charts)]).toEqual([
      ['1-bits', 0],
      ['0-bits', 1],
      ['log M', 2],
      ['mean of votes', 3],
      ['confidence, learned τ', 4],
      ['dense, equal parameters', 5],
      ['product', 6],
    ]);
  });

  it('are told apart, up to 64 of them', () => {
    const looks = Array.from({ length: 64 }, (_, slot) => `${slotClass(slot)} ${markAt(slot, 0, 0)}`);
    expect(new Set(looks).size).toBe(64);
  });
});

describe('scales', () => {
  it('fit the data; amounts not far above 0 begin there', () => {
    expect(plotScale('linear', [3, 10], [0, 100], true).at(0)).toBe(0);
    expect(plotScale('linear', [9, 10], [0, 100], true).at(9)).toBe(0);
    expect(plotScale('linear', [5], [0, 100], true).at(5)).toBeLessThan(100);
    expect(plotScale('linear', [], [0, 100], true).ticks.length).toBeGreaterThan(1);
    expect(plotScale('linear', [-2, NaN, 4], [0, 100], true).at(-2)).toBe(0);
  });

  it('that are logarithmic have a place for 0 where it was measured, and none below', () => {
    const plain = plotScale('log', [1, 10, 100], [0, 100], false);
    expect(plain.at(10)).toBeCloseTo(50);
    expect([plain.holds(1), plain.holds(0), plain.holds(-1)]).toEqual([true, false, false]);
    const withZero = plotScale('log', [0, 1, 10], [0, 100], false);
    expect(withZero.at(0)).toBe(0);
    expect([withZero.holds(0), withZero.holds(-1)]).toEqual([true, false]);
    expect(plotScale('log', [-1, -2], [0, 100], false).holds(-1)).toBe(true);
    expect(Number.isFinite(plotScale('log', [3], [0, 100], false).at(3))).toBe(true);
  });

  it('have ticks where was measured, unless these are many or touch', () => {
    const scale = plotScale('log', [16, 32, 64], [0, 300], false);
    expect(ticksFor(scale, [16, 32, 64])).toEqual([16, 32, 64]);
    const near = plotScale('linear', [5.9701, 6.0043], [0, 300], true);
    const texts = near.ticks.map(tickTexts(near.ticks));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toContain('5.975');
    const crowded = plotScale('linear', [1000, 1001, 2000], [0, 300], false);
    expect(ticksFor(crowded, [1000, 1001, 2000])).not.toContain(1001);
    expect(ticksFor(plotScale('linear', [0, 100], [0, 40], false), [])).toEqual([0, 100]);
  });
});

describe('words', () => {
  it('say how an experiment stands, and what to know before its numbers', () => {
    expect(threeExperiments().map(standing)).toEqual([
      'running · 12 of 48 runs · voters, seed 2, German · 26 min left',
      'done · 48 runs · 6 seeds · 2 h 36 min',
      'no result yet',
    ]);
    expect(standing(shownExperiment({ isRunning: true }))).toBe('running · about to begin');
    expect(cautions(experimentResult())).toEqual([]);
    const part = experimentResult({ runs: { done: 1, planned: 2 }, setup: experimentSetup({ quick: true }) });
    expect(cautions(part)).toHaveLength(2);
    expect(
      setupRows(experimentResult({ setup: experimentSetup({ fixed: ['a: b: c', 'plain'], commit: null }) })),
    ).toEqual(
      expect.arrayContaining([
        ['a', 'b: c'],
        ['Fixed', 'plain'],
        ['Version', 'SMUGGLER 0.1.0'],
      ]),
    );
  });
});

describe('claims', () => {
  const quick = shownExperiment({
    id: 'quick',
    result: experimentResult({
      setup: experimentSetup({ quick: true }),
      findings: experimentResult().findings.map((finding) => ({ ...finding, verdict: 'fails' })),
    }),
  });

  it('are told by the result that tells most, and counted by their worst finding', () => {
    const rows = claimRows([quick, shownExperiment()], null);
    expect(rows.find(({ claim }) => claim.key === 'maximum')!.findings[0]!.verdict).toBe('holds');
    expect(claimsSummary(rows)).toBe('1 holds, 1 holds only where told, 1 fails, 6 are not tested');
    const measured = shownExperiment({
      result: experimentResult({
        findings: experimentResult().findings.map((finding) => ({ ...finding, verdict: 'not tested' })),
      }),
    });
    // Measured, and not decided by it; what is undefined was not even measured.
    expect(claimsSummary(claimRows([measured], null))).toMatch(/^\d are not decided, \d are not tested$/);
  });

  it('are a sentence that says how a claim with several measures counts, where there is one', () => {
    expect(claimsSentence(claimRows([], null))).toBe('Of 9 claims 9 are not tested.');
    const [first] = experimentResult().findings;
    const several = shownExperiment({
      result: experimentResult({
        findings: [
          { ...first!, verdict: 'holds' },
          { ...first!, verdict: 'fails' },
        ],
      }),
    });
    expect(claimsSentence(claimRows([several], null))).toBe(
      'Of 9 claims 1 fails, 8 are not tested. A claim with several measures has a row for each, and counts by the worst.',
    );
    expect(claimsSummary(claimRows([quick], null))).toBe('4 fail, 5 are not tested');
    expect(claimsSummary(claimRows([], null))).toBe('9 are not tested');
  });

  it('are told by the loaded model too, which counts where no experiment tells', () => {
    const model = measuredModel();
    expect(claimsSummary(claimRows([], model))).toBe('1 holds, 1 holds only where told, 1 fails, 6 are not tested');
    const rows = claimRows([quick], model);
    expect(claimsSummary(rows)).toBe('5 fail, 4 are not tested');
    expect(rows.find(({ claim }) => claim.key === 'fewDominate')!.ofModel[0]!.estimate.value).toBe(3.1);
    expect(claimsTable(rows).rows).toHaveLength(CLAIMS.length + 2);
    expect(modelStanding(model)).toBe('starter on src/tides.ts · 256 chunks');
    expect(modelStanding(measuredModel({ measurement: null, provenance: null }))).toBe('not measured yet');
    expect(modelStanding(measuredModel({ work: { words: 'Running the model', share: 0.5 } }))).toBe('measuring…');
  });

  it('name the experiment that they need', () => {
    const { columns, rows } = claimsTable(claimRows([], null));
    expect(rows).toHaveLength(CLAIMS.length);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows[0]!.at(-1)).toBe('no result of the experiment Sparsity');
  });
});

describe('the table', () => {
  it('has every finding and every number of the charts', () => {
    const { columns, rows } = resultTable(experimentResult());
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows).toHaveLength(4 + 14 + 18 + 5 + 16);
    const value = columns.indexOf('Value');
    expect(rows.at(-1)![value]).toBeCloseTo(2.1);
    expect(rows.find((row) => row[1] === 'product')!.at(-1)).toBe('its training diverged with every rate');
  });
});
