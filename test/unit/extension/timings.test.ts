/** @file The latencies that a user can read: percentiles of the latest samples, and the table of Show Timings. */
import { describe, expect, it } from 'vitest';
import { timingsText } from '../../../extension/commands/timingsText';
import { labelledTimings, Timings } from '../../../extension/timings';

describe('timings', () => {
  it('keeps the latest 500 samples of a name, and counts all', () => {
    const timings = new Timings();
    for (let i = 1; i <= 600; i++) timings.record('hover', i);
    expect(timings.summary().hover).toEqual({ count: 600, p50: 350, p95: 575, max: 600, last: 600 });
  });

  it('lists what was measured, in the order of the labels', () => {
    const timings = new Timings();
    timings.record('caretToDrawn', 40);
    timings.record('colourText', 3);
    timings.record('activation', 5);
    expect(labelledTimings(timings.summary()).map(({ label }) => label)).toEqual([
      'Activation',
      'Colours of the text in view',
      'Caret to drawn votes',
    ]);
  });
});

describe('Show Timings', () => {
  it('is a table whose columns line up, under where it was measured', () => {
    const timings = new Timings();
    timings.record('hover', 5);
    timings.record('hover', 1234.56);
    timings.record('caretToSpecialization', 41.25);
    const lines = timingsText(timings.summary(), ['a machine', 'a model']).split('\n');
    expect(lines.slice(0, 4)).toEqual(['SMUGGLER: how long things took', '', 'a machine', 'a model']);
    const table = lines.slice(
      lines.findIndex((line) => line.startsWith('milliseconds')),
      -1,
    );
    expect(table).toHaveLength(3);
    expect(new Set(table.map((line) => line.length)).size).toBe(1);
    expect(table[1]!.split(/ {2,}/)).toEqual(['Hover', '5.0', '1234.6', '1234.6', '1234.6', '2']);
    expect(table[2]!.split(/ {2,}/)).toEqual(['Caret to specialization map', '41.3', '41.3', '41.3', '41.3', '1']);
  });

  it('says what to do where nothing was measured', () => {
    expect(timingsText({}, ['a machine'])).toContain('Nothing has been measured yet: hover');
  });
});
