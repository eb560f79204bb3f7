/** @file What a panel shows, for comparison with what another page shows. */
import type { FrameLocator, Page } from 'playwright-core';

export interface Shown {
  /** Every text in sight outside the note that says that a panel is an exported one. */
  readonly texts: string[];
  /** The pixels of every canvas, as addresses. */
  readonly canvases: string[];
}

/** A panel draws again in the frame in which its size or theme is first observed. */
export async function settled(page: Page | FrameLocator): Promise<void> {
  await page.locator('main').evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** What a page shows once it has found its size. */
export async function shown(page: Page | FrameLocator): Promise<Shown> {
  await settled(page);
  return page.locator('main').evaluate((main) => {
    const visible = (node: Element): boolean => node.checkVisibility({ visibilityProperty: true });
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode() !== null) {
      const node = walker.currentNode;
      if (node.parentElement !== null && visible(node.parentElement) && node.textContent!.trim() !== '') {
        texts.push(node.textContent!);
      }
    }
    const canvases = Array.from(main.querySelectorAll('canvas')).filter(visible);
    return { texts, canvases: canvases.map((canvas) => canvas.toDataURL()) };
  });
}
