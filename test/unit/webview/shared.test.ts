/** @file Rows, versions, the shared selection and the provenance line. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHUNK_BITS } from '../../../model/measures/chunk';
import { Host, VersionGate } from '../../../webview/shared/page/host';
import type { Selection } from '../../../model/protocol/panels/messages';
import { provenanceText } from '../../../webview/shared/page/page';
import { bitAt, bitRows } from '../../../webview/shared/rows';
import { SharedSelection } from '../../../webview/shared/page/selection';

describe('bitRows', () => {
  it.each([64, 137, 170, 400, 801])('parts %i pixels among 32 bits without holes in a byte', (height) => {
    const rows = bitRows(height, 3);
    expect(rows.tops[0]).toBe(0);
    expect(rows.bottoms[CHUNK_BITS - 1]).toBe(height);
    for (let bit = 1; bit < CHUNK_BITS; bit++) {
      const gap = rows.tops[bit]! - rows.bottoms[bit - 1]!;
      expect(gap).toBe(bit % 8 === 0 ? 3 : 0);
      expect(rows.bottoms[bit]!).toBeGreaterThan(rows.tops[bit]!);
    }
  });

  it('finds the bit at a pixel, also in a gap and outside', () => {
    const rows = bitRows(170, 3);
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      expect(bitAt(rows, rows.tops[bit]!)).toBe(bit);
      expect(bitAt(rows, rows.bottoms[bit]! - 1)).toBe(bit);
    }
    expect(bitAt(rows, -10)).toBe(0);
    expect(bitAt(rows, 999)).toBe(31);
    expect([7, 8]).toContain(bitAt(rows, rows.bottoms[7]! + 1));
  });
});

describe('VersionGate', () => {
  it('passes what is as new or newer', () => {
    const gate = new VersionGate();
    expect([3, 2, 3, 4, 1].map((version) => gate.pass(version))).toEqual([true, false, true, true, false]);
  });
});

describe('Host', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('says drawn of every message: numbers, what stands in place of them, a selection, and what fails to be drawn', () => {
    const said: unknown[] = [];
    let send: (event: { readonly data: unknown }) => void = () => undefined;
    vi.stubGlobal('document', { getElementById: () => null, hasFocus: () => false });
    vi.stubGlobal('acquireVsCodeApi', () => ({ postMessage: (message: unknown) => said.push(message) }));
    vi.stubGlobal('window', {
      addEventListener: (type: string, listener: typeof send) => {
        if (type === 'message') send = listener;
      },
    });
    vi.stubGlobal('requestAnimationFrame', (tell: () => void) => {
      tell();
    });
    const fails = (what: string) => () => {
      throw new Error(what);
    };
    const failures: unknown[] = [];
    new Host<{ readonly kind: string }, object, never>(1).connect({
      onState: ({ kind }) => {
        if (kind.startsWith('bad')) fails(kind)();
      },
      onSelection: fails('selection'),
      onFailure: (error) => {
        failures.push(error);
        if ((error as Error).message === 'bad twice') fails('no message either')();
      },
    });
    const messages = [{ kind: 'ready' }, { kind: 'loading' }, { kind: 'bad' }, { kind: 'bad twice' }, null];
    messages.forEach((state, i) => {
      const message = { type: state === null ? 'selection' : 'state', version: i + 1, state, selection: null };
      const sent = () => {
        send({ data: message });
      };
      if (state?.kind === 'bad twice') expect(sent).toThrow('no message either');
      else sent();
    });
    expect(failures).toHaveLength(3);
    expect(said).toEqual([{ type: 'ready' }, ...messages.map((_, i) => ({ type: 'drawn', version: i + 1 }))]);
  });
});

describe('SharedSelection', () => {
  const at = (offset: number): Selection => ({ offset, bit: null, voter: null, locked: false });
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('follows the host', () => {
    const selection = new SharedSelection(vi.fn());
    expect(selection.receive(at(4))).toBe(true);
    expect(selection.value).toEqual(at(4));
    expect(selection.receive(null)).toBe(true);
    expect(selection.value).toBeNull();
  });

  it('is not moved back by echoes of earlier choices, but ends where the host is', () => {
    const settled = vi.fn();
    const selection = new SharedSelection(settled, () => Date.now());
    selection.choose(at(4));
    selection.choose(at(8));
    expect(selection.receive(at(4))).toBe(false);
    expect(selection.value).toEqual(at(8));
    expect(selection.receive(at(8))).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(settled).not.toHaveBeenCalled();
    expect(selection.value).toEqual(at(8));

    selection.choose(at(12));
    expect(selection.receive(at(40))).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(settled).toHaveBeenCalledTimes(1);
    expect(selection.value).toEqual(at(40));
  });
});

describe('provenanceText', () => {
  it('names everything that a figure is measured on', () => {
    const provenance = {
      model: 'starter',
      checkpoint: 'abc',
      votersPerBit: 128,
      temperature: '6.4',
      aggregation: 'softmax',
      bitDecoding: 'chained' as const,
      document: 'a.ts',
    };
    expect(provenanceText(provenance, 'N = 3')).toBe(
      'starter · checkpoint abc · M = 128 · τ = 6.4 · softmax aggregation · chained bits · N = 3 · measured on a.ts',
    );
    expect(provenanceText({ ...provenance, temperature: null }, 'N = 3')).toContain('no τ');
    expect(provenanceText({ ...provenance, voters: 'with 1 voter silenced' }, 'N = 3')).toMatch(
      /N = 3 · with 1 voter silenced · measured on a\.ts$/,
    );
  });
});
