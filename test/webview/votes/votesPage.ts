/** @file The Voter votes view in all its looks. */
import { it } from 'vitest';
import type { OpenOptions } from '../harness';
import { THEME_NAMES } from '../themes';
import type { UsedView } from '../useView';

/**
 * A test per theme, in which the view is opened at each size.
 * @param sizes by where the view stands
 * @param look does something in the opened view, and expects axe to find nothing serious; its screenshots begin with `name`
 */
export function inEveryLook(
  open: UsedView<'votes'>['open'],
  sizes: Readonly<Record<string, Pick<OpenOptions, 'width' | 'height'>>>,
  look: (name: string) => Promise<void>,
): void {
  it.each(THEME_NAMES)('axe finds nothing serious in %s', async (theme) => {
    for (const [place, size] of Object.entries(sizes)) {
      await open({ theme, ...size });
      await look(`votes-${theme}-${place}`);
    }
  });
}
