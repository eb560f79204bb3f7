import { afterAll, beforeAll, test } from 'vitest';
import { Harness } from './harness';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start('heatmap');
});
afterAll(async () => {
  await harness.stop();
});
test('shots', async () => {
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const view = await harness.open({ theme, width: 900, height: 600 });
    await view.page.evaluate(() => {
      window.fake.serve(9000, 1, { offset: 120, bit: 11, voter: null, locked: false });
    });
    await view.page.waitForSelector('body[data-state=ready]');
    await view.page.waitForTimeout(1500);
    await view.screenshot(`heatmap-${theme}`);
    await view.page.selectOption('select', theme === 'dark' ? 'mistakes' : theme === 'light' ? 'surprise' : 'density');
    for (let i = 0; i < 7; i++) await view.page.click('button[aria-label="Zoom in"]');
    await view.page.waitForTimeout(200);
    await view.screenshot(`heatmap-${theme}-near`);
    console.log(
      theme,
      await view.errors(),
      await view.audit(),
      await view.page.evaluate(() => JSON.stringify(window.fake.of('viewport'))),
    );
    await view.close();
  }
});
