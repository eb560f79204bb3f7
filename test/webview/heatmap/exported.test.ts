/** @file An exported Sparsity heatmap in Chromium: what was measured of bits is in it, around the view, whatever its rows show. */
import { expect, it } from 'vitest';
import { decodePanel } from '../../../model/measures/panelDocument';
import type { HeatmapReady } from '../../../model/protocol/panels/heatmap';
import { about, exportText } from '../exportPage';
import { useHeatmap } from './heatmapPage';

/** Of three tiles. */
const CHUNKS = 700;
const { measured, open, shown, view } = useHeatmap({ width: 900, height: 640 });

it.each(['voters', 'bit'])('with the rows “%s” holds all bits of the document', async (rows) => {
  const panel = await open();
  await view.page.evaluate((bytes) => {
    window.fake.serve(bytes, 1, { offset: 120, bit: 3, voter: 17, locked: false });
  }, 4 * CHUNKS);
  await view.page.waitForSelector('body[data-state=ready]');
  await view.page.locator('label:visible:has-text("Rows") select').selectOption(rows);
  await measured();
  await expect.poll(() => view.page.textContent('.minimap text')).toContain(`N = ${CHUNKS} chunks`);
  const text = await exportText(panel, 'json', about('heatmap', 'Sparsity Heatmap'));
  await open({ exported: text });
  await view.page.waitForSelector('body[data-state=ready]');
  expect(await view.page.textContent('.minimap text')).toContain(`N = ${CHUNKS} chunks`);
  expect(await view.page.getAttribute('.minimap path.unmeasured', 'd')).toBe('');
  // It never will be there.
  expect(await view.page.textContent('.shape-key')).toMatch(/▨ not measured(?! yet)/);
  await view.page.locator('label:visible:has-text("Rows") select').selectOption('bits');
  for (const place of ['Home', 'End']) {
    await view.page.focus('.heatmap');
    await view.page.keyboard.press(place);
    await expect.poll(() => view.page.innerText('.where')).toContain(place === 'Home' ? 'Chunks 1–' : '–700 of');
    await measured();
    expect(await view.page.innerText('.provenance')).toMatch(/N = [1-9]\d* measured chunks in view × 32 bits/);
  }
});

it('holds no more of a long document than is around the view, all of which is in it', async () => {
  const chunks = 6000;
  const panel = await open();
  await view.page.evaluate((bytes) => {
    window.fake.serve(bytes, 1, { offset: 12_000, bit: null, voter: null, locked: false });
  }, 4 * chunks);
  await view.page.waitForSelector('body[data-state=ready]');
  await expect.poll(() => view.page.textContent('.minimap text'), { timeout: 30_000 }).toContain('N = 6,000 chunks');
  const { first, last } = await shown();
  const { states } = decodePanel(await exportText(panel, 'json', about('heatmap', 'Sparsity Heatmap')), 'it');
  const tiles = (states as HeatmapReady[]).flatMap(({ tile }) => (tile === null ? [] : [tile]));
  const held = new Set(
    tiles.flatMap(({ firstChunk, count }) => Array.from({ length: count }, (_, i) => firstChunk + i)),
  );
  for (let chunk = first; chunk <= last; chunk++) expect(held.has(chunk)).toBe(true);
  // Of whole tiles.
  expect(held.size).toBeGreaterThan(3900);
  expect(held.size).toBeLessThan(4096 + 256);
});
