import { afterAll, beforeAll, test } from 'vitest';
import { Harness } from './harness';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start('votes');
});
afterAll(async () => {
  await harness.stop();
});
test('shots', async () => {
  for (const theme of ['dark', 'light', 'high-contrast'] as const)
    for (const [width, height] of [
      [1200, 260],
      [320, 800],
    ] as const) {
      const view = await harness.open({ theme, width, height });
      await view.page.evaluate(() => {
        window.fake.send(window.fake.votes(3), { offset: 12, bit: 11, voter: 40, locked: theme() });
        function theme() {
          return true;
        }
      });
      await view.page.waitForSelector('body[data-state=ready]');
      await view.page.waitForTimeout(200);
      await view.screenshot(`votes-${theme}-${width}`);
      console.log(theme, width, await view.errors(), await view.audit());
      await view.close();
    }
});
