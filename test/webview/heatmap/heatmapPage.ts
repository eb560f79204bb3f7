/** @file The Sparsity heatmap's page as tests use it: served with a document, measured as far as it is seen, and read off the screen. */
import { expect } from 'vitest';
import type { Selection } from '../../../model/protocol/panels/messages';
import type { OpenOptions } from '../harness';
import { settled } from '../shown';
import type { UsedView } from '../useView';
import { useView } from '../useView';

/** Bytes of the document that is served: 475 chunks, the last one of two bytes. */
export const BYTES = 1898;

/** A point of the picture: on the page, and on its canvas. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  readonly canvasX: number;
  readonly canvasY: number;
}

export interface UsedHeatmap extends UsedView<'heatmap'> {
  /** A host that answers, and the picture measured as far as it is seen. */
  readonly serve: (selection?: Selection | null) => Promise<void>;
  readonly measured: () => Promise<void>;
  /** The editor scrolls: it shows these chunks from now on. */
  readonly editorShows: (firstChunk: number, count: number) => Promise<void>;
  /** First and last chunk on the screen, counted from 0. */
  readonly shown: () => Promise<{ first: number; last: number }>;
  /** To the beginning of the document: the window begins with a whole chunk. */
  readonly goHome: () => Promise<void>;
  /** A point of a chunk's column where the window begins with a whole chunk; `canvasY` gets the canvas's height. */
  readonly pointAt: (chunk: number, canvasY: (height: number) => number) => Promise<CanvasPoint>;
  /** A point of a bit's cell, where all 32 bits are shown. */
  readonly cellPoint: (chunk: number, bit: number) => Promise<CanvasPoint>;
  /** Red, green, blue and alpha there. */
  readonly pixelAt: (point: CanvasPoint) => Promise<number[]>;
}

/** To be called where the tests are described; what it returns is used inside them. */
export function useHeatmap(size: Pick<OpenOptions, 'width' | 'height'>): UsedHeatmap {
  const used = useView('heatmap', size);
  const { view } = used;

  const measured = async (): Promise<void> => {
    await view.page.waitForFunction(() => document.querySelector('.heatmap path.unmeasured')?.getAttribute('d') === '');
  };
  const shown = async (): Promise<{ first: number; last: number }> => {
    const text = (await view.page.innerText('.where')).replaceAll(',', '');
    const match = /Chunks (\d+)–(\d+) of/.exec(text)!;
    return { first: Number(match[1]) - 1, last: Number(match[2]) - 1 };
  };
  const pointAt: UsedHeatmap['pointAt'] = async (chunk, y) => {
    const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
    const { first, last } = await shown();
    const canvasX = ((chunk - first + 0.4) * box.width) / (last - first + 1);
    const canvasY = y(box.height);
    return { x: box.x + canvasX, y: box.y + canvasY, canvasX, canvasY };
  };
  return {
    ...used,
    measured,
    shown,
    pointAt,
    cellPoint: (chunk, bit) => pointAt(chunk, (height) => 4 * (bit >> 3) + ((bit + 0.4) * (height - 12)) / 32),
    serve: async (selection = { offset: 120, bit: null, voter: null, locked: false }) => {
      await view.page.evaluate(
        ([bytes, selected]) => {
          window.fake.serve(bytes, 1, selected);
        },
        [BYTES, selection] as const,
      );
      await view.page.waitForSelector('body[data-state=ready]');
      await measured();
    },
    goHome: async () => {
      await view.page.focus('.heatmap');
      await view.page.keyboard.press('Home');
      await expect.poll(async () => (await shown()).first).toBe(0);
      await measured();
    },
    editorShows: async (firstChunk, count) => {
      await view.page.evaluate(([bytes, first, number]) => window.fake.editorShows(bytes, first, number), [
        BYTES,
        firstChunk,
        count,
      ] as const);
      await settled(view.page);
    },
    pixelAt: ({ canvasX, canvasY }) =>
      view.page.evaluate(([x, y]) => window.fake.pixel(x, y), [canvasX, canvasY] as const),
  };
}
