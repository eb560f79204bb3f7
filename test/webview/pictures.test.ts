/**
 * @file What every panel looks like, as exported SVG, and its numbers, as CSV: files beside this one, so that a changed
 * picture is a changed file. A change that is meant is written by
 * `npx vitest run -u --config test/webview/vitest.config.mjs pictures`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { about, exportText } from './exportPage';
import type { OpenView } from './harness';
import type { Panel } from './panelStates';
import { PANELS } from './panelStates';
import { settled } from './shown';
import type { ThemeName } from './themes';
import { useView } from './useView';

const PICTURES = path.join(import.meta.dirname, 'pictures');
const THEMES = ['dark', 'light', 'high-contrast'] as const satisfies readonly ThemeName[];
const IMAGE = /data:image\/png;base64,[\w+/=]+/g;

/** The first state in all themes, the others in one: themes differ in colours only. */
function themesOf(state: string): readonly ThemeName[] {
  return state === 'main' ? THEMES : [THEMES[0]];
}

/** The file of a picture, `votes-pinned.csv`. */
function fileOf(...parts: readonly string[]): string {
  return path.join(PICTURES, parts.join('-'));
}

/** What the pixels of a PNG are, whoever packed them. */
async function pixelsOf({ page }: OpenView, image: string): Promise<string> {
  const pixels = await page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return `${image.width} ${btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))}`;
  }, image);
  return createHash('sha256').update(pixels).digest('hex');
}

/** The picture with images of the kept one where their pixels are the same: browsers pack pixels each in its own way. */
async function withKeptImages(view: OpenView, svg: string, file: string): Promise<string> {
  if (!existsSync(file)) return svg;
  const kept = new Map<string, string>();
  for (const [image] of readFileSync(file, 'utf8').matchAll(IMAGE)) kept.set(await pixelsOf(view, image), image);
  let same = svg;
  for (const [image] of svg.matchAll(IMAGE)) {
    same = same.replace(image, kept.get(await pixelsOf(view, image)) ?? image);
  }
  return same;
}

const expected = PANELS.flatMap(({ view, states }) =>
  Object.entries(states).flatMap(([state, { hasTable }]) => [
    ...(hasTable ? [`${view}-${state}.csv`] : []),
    ...themesOf(state).map((theme) => `${view}-${state}-${theme}.svg`),
  ]),
);

it('there is no picture of what is no longer shown', () => {
  expect(readdirSync(PICTURES).filter((file) => !expected.includes(file))).toEqual([]);
});

describe.each(PANELS)('$title', ({ view: name, title, size, states }: Panel) => {
  const said = about(name, title);
  const { open } = useView(name, size);

  for (const [state, { size: own = size, hasTable, show }] of Object.entries(states)) {
    it(state, async () => {
      const view = await open({ theme: THEMES[0], ...own });
      await show(view);
      for (const theme of themesOf(state)) {
        await view.setTheme(theme);
        await settled(view.page);
        const file = fileOf(name, state, `${theme}.svg`);
        const svg = await exportText(view, 'svg', said);
        await expect(await withKeptImages(view, svg, file)).toMatchFileSnapshot(file);
      }
      if (hasTable) {
        await expect(await exportText(view, 'csv', said)).toMatchFileSnapshot(fileOf(name, `${state}.csv`));
      }
    });
  }
});
