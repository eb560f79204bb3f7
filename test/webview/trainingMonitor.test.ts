/** @file The Training Monitor in Chromium: what it draws of runs, scrubbing back, several runs overlaid, and a run that diverged. */
import { describe, expect, it } from 'vitest';
import type { MonitorAsk } from '../../model/protocol/panels/trainingMonitor';
import { about, exportText } from './exportPage';
import { shown } from './shown';
import { THEME_NAMES } from './themes';
import { useView } from './useView';

const WIDE = { width: 1200, height: 860 };
const { asked, open, sent, view } = useView('trainingMonitor', WIDE);

/** One run, or what `make` makes in the page. */
async function show(make: () => unknown = () => window.fake.monitor()): Promise<void> {
  await view.page.evaluate(`window.fake.send((${make.toString()})())`);
  await view.page.waitForSelector('body[data-state=ready]');
}

const three = () => window.fake.monitor(window.fake.threeRuns());

const count = (selector: string) => view.page.locator(selector).count();

describe('drawing', () => {
  it('shows what was promised of one run: curves, voters, densities, figures, a sample, the time left', async () => {
    await open();
    await show();
    const text = await view.page.innerText('main');
    for (const part of [
      'training · step 2,000 of 6,000',
      '95 s left',
      'Bits per byte, held out',
      'Learning rate',
      'Gradient norm',
      'Chunks per second',
      'Effective voters, 1-bits',
      'Effective voters, 0-bits',
      '482 (11.8 %)',
      '97 (2.4 %)',
      '512 held out',
      'What tides writes at step 1,980',
    ]) {
      expect(text).toContain(part);
    }
    const titles = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.chart-title'), (title) => title.textContent),
    );
    expect(titles).toEqual([
      'Loss',
      'Effective voters',
      'Dead and dense voters',
      'Gradient norm',
      'Learning rate',
      'Speed',
      'Activation density',
    ]);
    // Every chart has axes with numbers, and lines.
    for (let chart = 1; chart <= 6; chart++) {
      const within = `.chart:nth-child(${chart})`;
      expect(await count(`${within} .axis text`), within).toBeGreaterThan(3);
      expect(await count(`${within} .line`), within).toBe(chart <= 3 ? 2 : 1);
    }
    expect(await view.page.innerText('.provenance')).toContain('N = 200 reports');
  });

  it('sets the sample as text, with its line ends', async () => {
    await open();
    await show();
    expect(await view.page.innerText('.sample')).toBe('The tide of day <b>7</b> came in\n\tat \\xE2 the harbour');
    expect(await count('.sample b')).toBe(0);
  });

  it('paints the histograms of density, more voters in lighter cells, and the bars of the newest', async () => {
    await open();
    await show();
    const painted = await view.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.density canvas')!;
      const at = (x: number, y: number) =>
        Array.from(canvas.getContext('2d')!.getImageData(x * canvas.width, y * canvas.height, 1, 1).data);
      return { low: at(0.5, 0.98), middle: at(0.5, 0.6), high: at(0.95, 0.05) };
    });
    const light = ([red = 0, green = 0, blue = 0]: number[]) => red + green + blue;
    expect(light(painted.low)).toBeGreaterThan(light(painted.middle));
    expect(painted.high[3]).toBe(255);
    expect(await view.page.getAttribute('.bars', 'd')).toMatch(/^M/);
    expect(await view.page.getAttribute('.density svg', 'aria-label')).toContain('4,096 voters of tides');
  });

  it('overlays runs in lines of which no two are alike, with a key', async () => {
    await open();
    await show(three);
    const looks = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.runs .line'), (line) => {
        const { stroke, strokeDasharray } = getComputedStyle(line);
        return `${stroke} ${strokeDasharray}`;
      }),
    );
    expect(new Set(looks).size).toBe(3);
    expect(new Set(looks.map((look) => look.replace(/^rgb\(.*?\)/, ''))).size).toBe(3);
    expect(await count('.chart:first-child .line')).toBe(6);
    expect(await count('aside thead th')).toBe(4);
  });

  it('eight runs can be told apart', async () => {
    await open();
    await show(() =>
      window.fake.monitor(
        Array.from({ length: 8 }, (_, slot) =>
          window.fake.monitorRun({ id: `/m/${slot}`, name: `run-${slot}`, slot }, { scale: 1 + slot / 10 }),
        ),
      ),
    );
    const looks = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.runs .line'), (line) => {
        const { stroke, strokeDasharray } = getComputedStyle(line);
        return `${stroke} ${strokeDasharray}`;
      }),
    );
    expect(new Set(looks).size).toBe(8);
    await view.screenshot('trainingMonitor-eight');
  });

  it('a run that diverged says so, is marked, and keeps its curves', async () => {
    await open();
    await show(three);
    const row = view.page.locator('.run', { hasText: 'wild' });
    expect(await row.innerText()).toContain('diverged · step 640');
    expect(await row.locator('.run-message').innerText()).toBe(
      'Training diverged at step 640: the loss is NaN at a learning rate of 1.',
    );
    expect(await count('.chart:first-child .end')).toBe(1);
  });

  it('a run that has only begun, and one without voters, are no trouble', async () => {
    await open();
    await show(() =>
      window.fake.monitor([
        window.fake.monitorRun({ state: 'waiting', moment: null }, { points: 0, probes: 0 }),
        window.fake.monitorRun({ id: '/m/b', name: 'b', slot: 1 }, { points: 1, probes: 0 }),
      ]),
    );
    expect(await view.page.innerText('.runs')).toContain('about to begin');
    expect(await count('.chart')).toBe(7);
    expect(await view.page.textContent('.density svg')).toContain('not measured yet');
    // A single point is seen.
    expect(await view.page.getAttribute('.chart:first-child .mark-circle.slot-1', 'd')).toMatch(/^M/);
  });

  it('numbers that a log lacks leave a gap', async () => {
    await open();
    await show(() => {
      const run = window.fake.monitorRun();
      run.curves.bitsPerByte.fill(NaN, 50, 100);
      run.curves.gradientNorm.fill(NaN);
      return window.fake.monitor([run]);
    });
    const path = await view.page.getAttribute('.chart:first-child .line', 'd');
    expect(path!.match(/M/g)).toHaveLength(2);
    expect(path).not.toContain('NaN');
  });

  it('draws a state with eight long runs within two seconds', async () => {
    await open();
    const milliseconds = await view.page.evaluate(async () => {
      const runs = Array.from({ length: 8 }, (_, slot) =>
        window.fake.monitorRun({ id: `/m/${slot}`, slot }, { points: 600, probes: 240 }),
      );
      await window.fake.send(window.fake.monitor(runs));
      const begun = performance.now();
      await window.fake.send(window.fake.monitor(runs));
      return performance.now() - begun;
    });
    // Only a defect takes as long; four reports come per second.
    expect(milliseconds).toBeLessThan(2000);
  });
});

describe('looking back', () => {
  it('the slider goes through the points by keyboard, and the host is asked for the figures there', async () => {
    await open();
    await show();
    expect(await view.page.innerText('.place')).toBe('the newest, step 2,000');
    await view.page.focus('input[type=range]');
    await view.page.keyboard.press('ArrowLeft');
    await view.page.keyboard.press('ArrowLeft');
    expect(await view.page.innerText('.place')).toBe('step 1,980');
    expect((await asked()).at(-1)).toEqual({ kind: 'look', look: { axis: 'step', at: 1980 } });
    expect(await view.page.getAttribute('input[type=range]', 'aria-valuetext')).toBe('step 1,980');
    await view.page.keyboard.press('Home');
    expect((await asked()).at(-1)).toEqual({ kind: 'look', look: { axis: 'step', at: 10 } });
    expect(await count('.cursor[d^=M]')).toBe(7);
    // What comes meanwhile does not move the place, and figures that are not of it do not say that they are.
    await show();
    expect(await view.page.innerText('.place')).toBe('step 10');
    expect(await view.page.innerText('aside caption')).toBe('At the newest, step 2,000');
    await show(() => ({
      ...window.fake.monitor([window.fake.monitorRun({ moment: window.fake.monitorMoment(10, 5.8) })]),
      look: { axis: 'step' as const, at: 10 },
    }));
    expect(await view.page.innerText('.place')).toBe('step 10');
    expect(await view.page.innerText('aside caption')).toBe('At step 10');
    expect(await view.page.innerText('aside')).toContain('5.800');
    await view.page.keyboard.press('End');
    expect((await asked()).at(-1)).toEqual({ kind: 'look', look: { axis: 'step', at: null } });
    expect(await count('.cursor[d^=M]')).toBe(0);
  });

  it('Escape and the button go back to the newest', async () => {
    await open();
    await show();
    for (const back of ['key', 'button']) {
      await view.page.focus('input[type=range]');
      await view.page.keyboard.press('PageDown');
      expect(await view.page.getAttribute('.live', 'aria-pressed')).toBe('false');
      if (back === 'key') await view.page.keyboard.press('Escape');
      else await view.page.click('.live');
      expect(await view.page.getAttribute('.live', 'aria-pressed')).toBe('true');
      expect((await asked()).at(-1)).toEqual({ kind: 'look', look: { axis: 'step', at: null } });
    }
  });

  it('a chart that is pressed or dragged over is looked at there, and the histogram follows', async () => {
    await open();
    await show();
    const newest = await view.page.getAttribute('.bars', 'd');
    const box = (await view.page.locator('.chart:first-child svg').boundingBox())!;
    await view.page.mouse.move(box.x + 60, box.y + 80);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 90, box.y + 80);
    await view.page.mouse.up();
    const { look } = (await asked()).at(-1) as Extract<MonitorAsk, { kind: 'look' }>;
    expect(look.at).toBeGreaterThan(100);
    expect(look.at).toBeLessThan(700);
    expect(await view.page.getAttribute('.bars', 'd')).not.toBe(newest);
    await view.screenshot('trainingMonitor-scrubbed');
  });

  it('runs are laid over time, and the place stays', async () => {
    await open();
    await show();
    await view.page.focus('input[type=range]');
    await view.page.keyboard.press('Home');
    await view.page.selectOption('select', 'seconds');
    expect((await asked()).at(-1)).toEqual({ kind: 'look', look: { axis: 'seconds', at: 0.25 } });
    expect(await view.page.textContent('.chart:first-child svg')).toContain('seconds trained');
  });
});

describe('use', () => {
  it('a run is chosen, added, removed, stopped, resumed', async () => {
    await open();
    await show(() =>
      window.fake.monitor([
        window.fake.monitorRun(),
        window.fake.monitorRun({
          id: '/models/old',
          name: 'old',
          slot: 1,
          isOwn: false,
          state: 'interrupted',
          canResume: true,
        }),
      ]),
    );
    const own = view.page.locator('.run', { hasText: 'tides' });
    const old = view.page.locator('.run', { hasText: 'old' });
    expect(await own.getByText('Resume Training').isVisible()).toBe(false);
    expect(await old.getByText('Stop', { exact: true }).isVisible()).toBe(false);
    expect(await old.innerText()).toContain('what it saved last is kept');
    await old.locator('.choose').click();
    expect(await view.page.textContent('.density svg')).toContain('of old');
    expect(await old.locator('.choose').getAttribute('aria-pressed')).toBe('true');
    await own.getByText('Stop', { exact: true }).click();
    await old.getByText('Resume Training').click();
    await old.getByText('Remove').click();
    await view.page.click('.add');
    expect(await asked()).toEqual([
      { kind: 'stop' },
      { kind: 'resume', run: '/models/old' },
      { kind: 'remove', run: '/models/old' },
      { kind: 'add' },
    ]);
  });

  it('what has the focus keeps it while reports come', async () => {
    await open();
    await show();
    await view.page.focus('.choose');
    await show(() => window.fake.monitor([window.fake.monitorRun({}, { points: 210 })]));
    expect(await view.page.evaluate(() => document.activeElement?.className)).toBe('choose');
    expect(await view.page.innerText('.summary')).toContain('step 2,100');
  });

  it('shows the chosen run as a table', async () => {
    await open();
    await show();
    await view.page.click('.table-toggle');
    const rows = view.page.locator('.points tbody tr');
    // Every second point, and the measurements between them.
    expect(await rows.count()).toBeGreaterThanOrEqual(100);
    expect(await rows.count()).toBeLessThan(120);
    expect(await view.page.locator('.points tbody td:nth-child(4)', { hasText: /\d/ }).count()).toBe(6);
    expect(await rows.last().innerText()).toMatch(/^2,000\s+50\.0\s+2\.\d{3}\s+2\.\d{3}\s/);
    expect(await view.page.innerText('.points caption')).toContain('every 2 points');
    expect(await view.page.locator('.charts').isVisible()).toBe(false);
  });

  it('restores run, axis and place after a reload, and asks for them', async () => {
    await open({
      saved: { run: '/models/river', own: '/models/tides', axis: 'seconds', at: 12.5, table: false, version: 1 },
    });
    expect((await asked())[0]).toEqual({ kind: 'look', look: { axis: 'seconds', at: 12.5 } });
    await show(three);
    expect(await view.page.textContent('.density svg')).toContain('of river');
    expect(await view.page.inputValue('select')).toBe('seconds');
    expect(await view.page.getAttribute('.live', 'aria-pressed')).toBe('false');
    expect(await view.page.innerText('.place')).toBe('13 s');
  });

  it('shows a message and its button in place of runs', async () => {
    await open();
    await show();
    await view.page.evaluate(() => {
      return window.fake.send({
        kind: 'empty',
        message: 'No training run is shown.',
        action: { label: 'Add Run…', command: 'smuggler.addTrainingRun' },
      });
    });
    await view.page.waitForSelector('body[data-state=empty]');
    await view.page.click('.message button');
    expect(await sent('command')).toEqual([{ type: 'command', command: 'smuggler.addTrainingRun' }]);
  });
});

describe.each(THEME_NAMES)('in %s', (theme) => {
  it('is accessible, as charts and as a table', async () => {
    await open({ theme });
    await show(three);
    await view.page.focus('input[type=range]');
    await view.page.keyboard.press('PageDown');
    await view.screenshot(`trainingMonitor-${theme}`);
    expect(await view.audit()).toEqual([]);
    await view.page.click('.table-toggle');
    await view.screenshot(`trainingMonitor-table-${theme}`);
    expect(await view.audit()).toEqual([]);
  });

  it('lines and marks stand out from the background', async () => {
    await open({ theme });
    await show(three);
    const contrasts = await view.page.evaluate(() => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      const luminance = (color: string): number => {
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = Array.from(context.getImageData(0, 0, 1, 1).data, (part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const surface = luminance(
        getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background'),
      );
      return [0, 1, 2, 3].map((slot) => {
        const line = luminance(getComputedStyle(document.body).getPropertyValue(`--run-${slot}`));
        return (Math.max(line, surface) + 0.05) / (Math.min(line, surface) + 0.05);
      });
    });
    for (const contrast of contrasts) expect(contrast).toBeGreaterThan(3);
  });
});

describe('export', () => {
  const said = about('trainingMonitor', 'Training Monitor');

  it('an import shows the same, place included, and asks for nothing', async () => {
    await open();
    await show(three);
    await view.page.focus('input[type=range]');
    await view.page.keyboard.press('PageDown');
    const text = await exportText(view, 'json', said);
    const before = await shown(view.page);
    const imported = await open({ height: WIDE.height + 24, exported: text });
    await imported.page.waitForSelector('body[data-state=ready]');
    expect(await shown(imported.page)).toEqual(before);
    const box = (await imported.page.locator('.chart:first-child svg').boundingBox())!;
    await imported.page.mouse.click(box.x + 90, box.y + 80);
    expect(await imported.page.innerText('.place')).toBe('step 1,800');
    const types = await imported.page.evaluate(() => window.fake.posted.map(({ type }) => type));
    expect(types.filter((type) => type !== 'focus')).toEqual(['ready']);
    expect(await exportText(imported, 'json', said)).toBe(text);
  });

  it('the table has every point, the picture its charts', async () => {
    await open();
    await show();
    const csv = await exportText(view, 'csv', said);
    expect(csv.trim().split('\r\n')).toHaveLength(1 + 200);
    const svg = await exportText(view, 'svg', said);
    for (const words of ['Effective voters', 'Activation density', '1,980', 'bits per byte'])
      expect(svg).toContain(words);
  });
});

it('fits a narrow panel', async () => {
  await open({ theme: 'light', width: 480, height: 1400 });
  await show(three);
  await view.screenshot('trainingMonitor-narrow');
  expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(480);
});

describe('the run that is chosen', () => {
  const pressed = () => view.page.locator('.choose[aria-pressed=true]').allInnerTexts();

  it('is the one that was just started, then the one that the user chose, then one that was added', async () => {
    await open();
    const send = (...names: string[]) =>
      view.page.evaluate((shown) => {
        const runs = shown.map((name, slot) =>
          window.fake.monitorRun({ id: `/models/${name}`, name, slot, isOwn: name === 'new' }),
        );
        return window.fake.send(window.fake.monitor(runs), null);
      }, names);
    await send('old', 'new');
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await pressed()).toEqual(['new']);
    await view.page.click('.choose >> text=old');
    await send('old', 'new');
    expect(await pressed()).toEqual(['old']);
    await send('old', 'new', 'other');
    expect(await pressed()).toEqual(['other']);
  });
});

describe('how lines are shown', () => {
  const path = (chart: number) => view.page.getAttribute(`.chart:nth-child(${chart}) .line:not(.raw)`, 'd');
  const ticks = (axis: number) =>
    view.page.locator(`.chart:nth-child(1) .axis >> nth=${axis} >> text`).allTextContents();

  it('is smoothed with the raw line behind it, and says so; what is measured now and then is left as it is', async () => {
    await open();
    await show();
    const [loss, voters] = [await path(1), await path(2)];
    await view.page.selectOption('select >> nth=1', '0.9');
    expect(await path(1)).not.toBe(loss);
    expect(await view.page.getAttribute('.chart:nth-child(1) .line.raw', 'd')).toBe(loss);
    expect(await path(2)).toBe(voters);
    expect(await view.page.innerText('.provenance')).toContain('lines smoothed: exponential mean, 0.9');
    await view.page.selectOption('select >> nth=1', 'none');
    expect(await path(1)).toBe(loss);
    expect(await count('.line.raw')).toBe(0);
  });

  it('has values on a logarithmic axis where that is chosen', async () => {
    await open();
    await show();
    const loss = await path(1);
    await view.page.selectOption('select >> nth=2', 'logarithmic');
    expect(await path(1)).not.toBe(loss);
    await view.page.selectOption('select >> nth=2', 'usual');
    expect(await path(1)).toBe(loss);
  });

  it('is zoomed by buttons and by Ctrl and the wheel, with values that fit, and comes back', async () => {
    await open();
    await show();
    const before = [await ticks(0), await ticks(1)];
    expect(await view.page.isDisabled('.zoom >> text=All')).toBe(true);
    await view.page.click('.zoom button >> nth=0');
    expect(await ticks(1)).not.toEqual(before[1]);
    const box = (await view.page.locator('.chart:nth-child(1) svg').boundingBox())!;
    await view.page.mouse.move(box.x + box.width / 2, box.y + 80);
    await view.page.keyboard.down('Control');
    await view.page.mouse.wheel(0, -100);
    await view.page.keyboard.up('Control');
    expect(await ticks(0)).not.toEqual(before[0]);
    await view.page.click('.zoom >> text=All');
    expect([await ticks(0), await ticks(1)]).toEqual(before);
  });
});

it.each([450, 640, 800, 1000, 1200])('no number is cut off at %i pixels, with three runs', async (width) => {
  await open({ width, height: 900 });
  await show(three);
  const hidden = await view.page.evaluate(() =>
    Array.from(
      document.querySelectorAll('aside .table-pane, aside, main'),
      (node) => node.scrollWidth - node.clientWidth,
    ),
  );
  expect(Math.max(...hidden)).toBeLessThanOrEqual(1);
});
