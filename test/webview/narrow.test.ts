/** @file Every panel in its main states in half a narrow window: no label lies on another, and none is cut. */
import { describe, expect, it } from 'vitest';
import type { OpenView } from './harness';
import type { Panel } from './panelStates';
import { PANELS } from './panelStates';
import { settled } from './shown';
import { useView } from './useView';

const SIZES = [
  { width: 450, height: 720 },
  { width: 1100, height: 720 },
] as const;

/** Texts that lie on one another, and texts of pictures that reach beyond them: one sentence each. */
function faults({ page }: OpenView): Promise<string[]> {
  return page.evaluate(() => {
    interface Label {
      readonly text: string;
      readonly parent: Element;
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    /** Fonts have room above and below their letters. */
    const SLACK = 3;
    const found: string[] = [];
    const labels: Label[] = [];
    const walker = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const node = walker.currentNode;
      const parent = node.parentElement!;
      const text = node.textContent!.trim();
      if (text === '' || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      // The number of the selected row is drawn once more, above those beside it.
      if (parent.closest('.visually-hidden, option, title, .tooltip, .selected-label') !== null) continue;
      // Slanted labels are parted by their slant.
      if (parent.closest('[transform*=rotate]') !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        let { left, top, right, bottom } = rect;
        const svg = parent.closest('svg');
        for (let clip: Element | null = parent; clip !== null; clip = clip.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(clip);
          const box = clip.getBoundingClientRect();
          if (clip === svg && (left < box.left - 1 || right > box.right + 1 || bottom > box.bottom + SLACK)) {
            found.push(`“${text}” is cut by its picture`);
          }
          if (overflowX !== 'visible') [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
          if (overflowY !== 'visible') [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
        }
        if (right - left > 1 && bottom - top > SLACK) labels.push({ text, parent, left, top, right, bottom });
      }
    }
    labels.forEach((a, index) => {
      for (const b of labels.slice(index + 1)) {
        if (a.parent === b.parent) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > SLACK) found.push(`“${a.text}” lies on “${b.text}”`);
      }
    });
    // What is hidden beyond an edge says so by an ellipsis or can be scrolled to.
    for (const node of document.querySelectorAll('main :not(.visually-hidden)')) {
      const { overflowX, textOverflow } = getComputedStyle(node);
      const isClipped = overflowX === 'hidden' && textOverflow !== 'ellipsis' && !(node instanceof SVGElement);
      if (isClipped && node.scrollWidth > node.clientWidth + 1 && node.children.length === 0) {
        found.push(`“${node.textContent}” is cut`);
      }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} pixels too wide`);
    return found;
  });
}

describe.each(PANELS)('$title', ({ view: name, states }: Panel) => {
  const { open } = useView(name, SIZES[0]);

  describe.each(SIZES)('at $width × $height', (size) => {
    it.each(Object.entries(states))('%s', async (_, { show }) => {
      const view = await open(size);
      await show(view);
      await settled(view.page);
      expect(await faults(view)).toEqual([]);
    });
  });
});
