/** @file Every panel in its main states at its own size: the page is no larger than the window, so that no scroll bar takes room. */
import { describe, expect, it } from 'vitest';
import type { Panel } from './panelStates';
import { PANELS } from './panelStates';
import { settled } from './shown';
import { useView } from './useView';

/** States that are longer than their window and are meant to be scrolled: votes above each other in a side bar. */
const TALL: readonly string[] = ['votes narrow', 'votes escaped'];

describe.each(PANELS)('$title', ({ view: name, size, states }: Panel) => {
  const { open } = useView(name, size);

  it.each(Object.entries(states))('%s', async (state, { size: ownSize, show }) => {
    const view = await open(ownSize ?? size);
    await show(view);
    await settled(view.page);
    const [across, down] = await view.page.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      return [scrollWidth - clientWidth, scrollHeight - clientHeight];
    });
    expect(across).toBe(0);
    // One or two pixels are nobody's wish.
    if (TALL.includes(`${name} ${state}`)) expect(down).toBeGreaterThan(20);
    else expect(down).toBe(0);
  });
});
