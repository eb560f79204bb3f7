/** @file The Experiments panel in Chromium: every kind of chart, findings told without colour, claims, progress, keyboard, hostile text, and its report. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CLAIMS } from '../../../model/measures/claims';
import { experimentReport } from '../../../model/report/experimentReport';
import { experimentResult } from '../page/experiments';
import { shown } from '../shown';
import { THEME_NAMES } from '../themes';
import { useView } from '../useView';

const WIDE = { width: 1200, height: 1500 };
const { askedFor, harness, open, view } = useView('experiments', WIDE);

/** One whole experiment, or what `make` makes in the page. */
async function show(make: () => unknown = () => window.fake.experiments()): Promise<void> {
  await view.page.evaluate(`window.fake.send((${make.toString()})())`);
  await view.page.waitForSelector('body[data-state=ready]');
}

const three = () => window.fake.experiments(window.fake.threeExperiments());

const count = (selector: string) => view.page.locator(selector).count();
const textOf = (selector: string) => view.page.innerText(selector);
const chart = (kind: string) => view.page.locator(`.chart-${kind}`).first();

describe('a result', () => {
  it('says what is asked, what decides, what it was made with, and what was found', async () => {
    await open();
    await show();
    const text = await textOf('main');
    for (const part of [
      'How many of the M voters of a bit decide it',
      'Decides, as stated before the run: effective voters 1/Σw² of 1-bits at M = 128',
      'done · 48 runs · 6 seeds',
      '412',
      'rate\n0.004, tuned per arm on validation',
      'AMD EPYC 7B13, 2 threads',
      'linux x64, Node.js 22.11.0, ONNX Runtime 1.20.1',
      'commit 25fa8a8c11d2e3f4a5b697886950413a2b3c4d5e',
    ]) {
      expect(text).toContain(part);
    }
    const sha = experimentResult().setup.texts[0]!.sha256;
    expect(text).toContain(sha);
    expect(await count('.cautions li')).toBe(0);
  });

  it('tells each verdict by sign and word, each number with its interval and N, and why there is none', async () => {
    await open();
    await show();
    const rows = await view.page.locator('.findings tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t')[0]!.trim())).toEqual([
      '✓ holds',
      '✗ fails',
      '◐ holds only where',
      '○ not tested',
    ]);
    expect(rows[0]).toMatch(/0\.00310\s+95 %: 0\.00270 … 0\.00350 · N = 6 seeds/);
    expect(rows[1]).toMatch(/91\.3 voters\s+95 %: 88\.1 … 94\.5 · N = 6 seeds/);
    expect(rows[3]).toContain('undefined: no run with M = 512 is done');
  });

  it('a part of a quick run says so', async () => {
    await open();
    await show(three);
    const cautions = await textOf('.cautions');
    expect(cautions).toContain('12 of 48 runs are done: numbers may still change.');
    expect(cautions).toContain('A quick run');
    expect(await textOf('.run:has-text("Forgetting")')).toContain(
      'running · 12 of 48 runs · voters, seed 2, German · 26 min left',
    );
    expect(await view.page.locator('article progress').evaluate((node: HTMLProgressElement) => node.value)).toBe(0.25);
  });
});

describe('charts', () => {
  it('have a title, axes with units and numbers, what they are over, and a key', async () => {
    await open();
    await show();
    expect(await view.page.locator('.chart h3').allInnerTexts()).toEqual(
      experimentResult().charts.map(({ title }) => title),
    );
    const lines = chart('lines');
    expect(await lines.locator('.axis-title').allTextContents()).toEqual([
      'τ, logarithmic',
      'effective voters (1/Σw²)',
    ]);
    expect(await lines.locator('.key li').allInnerTexts()).toEqual(['1-bits', '0-bits']);
    expect(await lines.locator('figcaption').innerText()).toContain('N = 6 seeds, 8,192 held-out chunks');
    // A logarithmic axis has room for 0, and its ticks are the places that were measured.
    expect(await lines.locator('g.axis >> nth=1').locator('text').allTextContents()).toEqual([
      '0',
      '1.6',
      '3.2',
      '6.4',
      '12.8',
      '25.6',
      '51.2',
    ]);
    const powers = view.page.locator('.chart-lines >> nth=1').locator('g.axis >> nth=0').locator('text');
    expect((await powers.allTextContents()).length).toBeGreaterThan(2);
  });

  it('lines have bands, and a gap where a number is undefined', async () => {
    await open();
    await show();
    const second = view.page.locator('.chart-lines >> nth=1');
    expect(
      await second.locator('.band').evaluateAll((bands) => bands.map((band) => band.getAttribute('d') !== '')),
    ).toEqual([true, false, false]);
    const mean = await second.locator('.line.arm-2').getAttribute('d');
    expect(mean!.match(/M/g)).toHaveLength(2);
    expect(mean).not.toContain('NaN');
  });

  it('a fitted curve has no marks, and is read only where something was measured', async () => {
    await open();
    await show(() => {
      const result = window.fake.experimentResult();
      const point = (x: number, y: number) => ({ x, y, interval: null });
      const series = [
        { arm: 'measured', points: [point(1, 4), point(8, 2)] },
        { arm: 'measured, fitted', points: [point(1, 4), point(2, 3), point(4, 2.5), point(8, 2)], isFitted: true },
      ];
      const fitted = { ...result.charts[0], series } as (typeof result.charts)[number];
      return window.fake.experiments([window.fake.shownExperiment({ result: { ...result, charts: [fitted] } })]);
    });
    const lines = chart('lines');
    expect((await lines.locator('.plot .line.arm-1').getAttribute('d'))!.match(/L/g)).toHaveLength(3);
    expect(await lines.locator('.plot .arm-mark.arm-1').getAttribute('d')).toBe('');
    expect(await lines.locator('.key li >> nth=1').locator('.arm-mark').count()).toBe(0);
    await view.page.click('.table-toggle');
    expect(await lines.locator('tbody tr').allInnerTexts()).toEqual(['1\t4\t4', '8\t2\t2']);
  });

  it('dots have whiskers, and an arm without a value says why', async () => {
    await open();
    await show();
    const dots = chart('dots');
    expect(
      await dots.locator('.arm-mark').evaluateAll((marks) => marks.map((mark) => mark.getAttribute('d') !== '')),
    ).toEqual([true, true, true, true, false]);
    expect(await dots.locator('svg').textContent()).toContain('undefined: its training diverged with every rate');
  });

  it('a matrix has its values in cells whose ink is read on their colour', async () => {
    await open();
    await show();
    const cells = await chart('matrix')
      .locator('tbody td')
      .evaluateAll((nodes) => nodes.map((node) => ({ text: node.textContent, ink: getComputedStyle(node).color })));
    expect(cells.map(({ text }) => text)).toEqual([
      '2.1',
      '2.5',
      '–',
      '–',
      '2.5',
      '2.1',
      '2.5',
      '–',
      '2.9',
      '2.5',
      '2.1',
      '2.5',
      '3.3',
      '2.9',
      '2.5',
      '2.1',
    ]);
    expect(cells[0]!.ink).toBe('rgb(255, 255, 255)');
    expect(cells[12]!.ink).toBe('rgb(0, 0, 0)');
    expect(await view.audit()).toEqual([]);
  });

  it('an arm has one colour and one mark in all of them, and no two of many arms are alike', async () => {
    await open();
    await show(() => {
      const result = window.fake.experimentResult();
      const series = Array.from({ length: 20 }, (_, arm) => ({
        arm: `arm ${arm}`,
        points: [
          { x: 1, y: arm, interval: null },
          { x: 2, y: arm + 1, interval: null },
        ],
      }));
      const many = { ...result.charts[0], series } as (typeof result.charts)[number];
      return window.fake.experiments([
        window.fake.shownExperiment({ result: { ...result, charts: [...result.charts, many] } }),
      ]);
    });
    const looks = await view.page.evaluate(() => {
      const lookOf = (node: Element): string =>
        `${getComputedStyle(node).fill} ${node
          .getAttribute('d')!
          .replace(/^M[-\d.,]+/, '')
          .replace(/M.*/, '')}`;
      const byName = new Map<string, Set<string>>();
      for (const figure of document.querySelectorAll('.chart-lines')) {
        const swatches = figure.querySelectorAll('.key li');
        swatches.forEach((item) => {
          const name = item.textContent;
          byName.set(name, (byName.get(name) ?? new Set()).add(lookOf(item.querySelector('.arm-mark')!)));
        });
      }
      const names = Array.from(
        document.querySelectorAll('.chart-dots svg > text:not(.muted)'),
        (node) => node.textContent,
      );
      document.querySelectorAll('.chart-dots .arm-mark').forEach((mark, row) => {
        if (byName.has(names[row]!)) byName.get(names[row]!)!.add(lookOf(mark));
      });
      return Array.from(byName, ([name, set]) => [name, Array.from(set)] as const);
    });
    expect(looks.length).toBe(24);
    expect(looks.filter(([, set]) => set.length !== 1)).toEqual([]);
    expect(new Set(looks.map(([, set]) => set[0])).size).toBe(24);
  });

  it('are read by the keyboard, place by place and arm by arm', async () => {
    await open();
    await show();
    await chart('lines').locator('.plot').focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowRight');
    expect(await textOf('.tooltip')).toContain('τ 1.6');
    expect(await view.page.textContent('[aria-live=polite]')).toMatch(
      /^τ 1\.6, 1-bits: 108 \(95 %: 102 … 115\), 0-bits: /,
    );
    expect(await chart('lines').locator('.cursor').getAttribute('d')).toMatch(/^M/);
    await view.page.keyboard.press('End');
    expect(await textOf('.tooltip')).toContain('τ 51.2');
    await view.page.keyboard.press('Escape');
    expect(await view.page.locator('.tooltip').isVisible()).toBe(false);
    await chart('dots').locator('.plot').focus();
    await view.page.keyboard.press('ArrowUp');
    expect(await textOf('.tooltip')).toContain('its training diverged with every rate');
  });

  it('are read by the pointer', async () => {
    await open();
    await show();
    const { x, y, width } = (await chart('lines').locator('.plot').boundingBox())!;
    await view.page.mouse.move(x + width - 20, y + 80);
    expect(await textOf('.tooltip')).toContain('τ 51.2');
    await view.page.mouse.move(x + width - 20, y - 60);
    expect(await view.page.locator('.tooltip').isVisible()).toBe(false);
  });

  it('are tables where the user wants that', async () => {
    await open();
    await show();
    await view.page.click('.table-toggle');
    expect(await view.page.locator('.chart .plot').first().isVisible()).toBe(false);
    const table = chart('lines').locator('table');
    expect(await table.locator('th[scope=col]').allInnerTexts()).toEqual(['τ', '1-bits', '0-bits']);
    expect(await table.locator('tbody tr').count()).toBe(7);
    expect(await chart('dots').locator('table').innerText()).toContain('undefined: its training diverged');
    expect(await view.audit()).toEqual([]);
  });
});

describe('the list', () => {
  it('opens an experiment, asks to run, cancel and resume, and keeps what was chosen', async () => {
    await open();
    await show(three);
    expect(await textOf('h2')).toBe('Forgetting');
    await view.page.click('.run button:text("Sparsity")');
    expect(await view.page.locator('article h2').innerText()).toBe('Sparsity');
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({
      shown: '/texts/.smuggler/experiments/sparsity',
    });
    await view.page.click('text=Run Experiment…');
    await view.page.click('.run:has-text("Forgetting") >> button:text("Cancel")');
    await view.page.click('.run:has-text("Robustness") >> button:text("Resume")');
    expect(await askedFor('run')).toHaveLength(1);
    expect(await askedFor('cancel')).toHaveLength(1);
    expect(await askedFor('resume')).toEqual([
      { kind: 'resume', experiment: '/texts/.smuggler/experiments/robustness' },
    ]);
    await view.page.click('.run button:text("Robustness")');
    expect(await textOf('article')).toContain('Its process ended before the first run was done');
  });

  it('progress moves no focus and makes no chart anew', async () => {
    await open();
    await show(three);
    await view.page.locator('.chart [tabindex]').first().focus();
    await view.page.evaluate(() => {
      document.activeElement!.setAttribute('data-same', '');
    });
    await show(() => {
      const [first, ...others] = window.fake.threeExperiments();
      const progress = { ...first!.progress!, running: 'dense, seed 1' };
      return window.fake.experiments([{ ...first!, progress }, ...others]);
    });
    expect(await textOf('article')).toContain('dense, seed 1');
    expect(await view.page.evaluate(() => document.activeElement!.hasAttribute('data-same'))).toBe(true);
  });
});

describe('claims', () => {
  it('says of a result that came with the extension where it is from', async () => {
    await open();
    await show(() =>
      window.fake.experiments([window.fake.shownExperiment({ place: 'came with the extension', isPublished: true })]),
    );
    expect(await view.page.locator('.run', { hasText: 'came with the extension' }).count()).toBe(1);
    await view.page.locator('.run .choose', { hasText: 'Claims' }).click();
    expect(await view.page.locator('.claims tbody').innerText()).toMatch(/from .+, came with the extension/);
  });

  it('are all there, with what was found or that nothing was', async () => {
    await open();
    await show(() => window.fake.experiments([]));
    expect(await view.page.locator('.claims tbody tr').count()).toBe(CLAIMS.length);
    expect(await textOf('.claims')).toContain(`Of ${CLAIMS.length} claims ${CLAIMS.length} are not tested.`);
    await show(three);
    await view.page.click('.run button:text("Claims")');
    const rows = await view.page.locator('.claims tbody tr').allInnerTexts();
    expect(rows.filter((row) => row.includes('✗ fails'))).toHaveLength(1);
    expect(rows.find((row) => row.includes('forgets less'))).toContain('from Forgetting (quick)');
    expect(rows.find((row) => row.includes('N·D²'))).toContain('no result of the experiment Throughput');
    await view.page.click('.claims button:text("Sparsity") >> nth=0');
    expect(await view.page.locator('article h2').innerText()).toBe('Sparsity');
  });
});

describe('the loaded model', () => {
  it('is measured when the user asks, and keeps what is shown meanwhile', async () => {
    await open();
    await show(() => window.fake.experiments([], window.fake.measuredModel({ measurement: null, provenance: null })));
    expect(await textOf('.run:has-text("Loaded model")')).toContain('not measured yet');
    await view.page.click('.run button:text("Loaded model")');
    expect(await textOf('h2 >> visible=true')).toBe('How sparse is it really?');
    await view.page.click('text=Measure on the Open Text');
    expect(await askedFor('measure')).toHaveLength(1);
    await show(() => window.fake.experiments([], window.fake.measuredModel()));
    expect(await textOf('.model')).toContain('How many of 128 voters count, by each definition?');
    expect(await textOf('.provenance')).toContain('starter · checkpoint 0123456789ab · M = 128');
    expect(await textOf('.provenance')).toContain('measured on src/tides.ts');
    await show(() =>
      window.fake.experiments([], window.fake.measuredModel({ work: { words: 'Running the model', share: 0.25 } })),
    );
    expect(await textOf('.model .run-message')).toBe('Running the model');
    expect(await view.page.locator('.model progress').evaluate((node: HTMLProgressElement) => node.value)).toBe(0.25);
    await view.page.click('.model button:text("Cancel")');
    expect(await askedFor('cancelMeasuring')).toHaveLength(1);
    expect(await view.page.locator('.model button').first().isDisabled()).toBe(true);
    expect(await count('.model .chart')).toBe(2);
    await show(() => window.fake.experiments([], window.fake.measuredModel({ message: 'There is no text.' })));
    expect(await textOf('.model .run-message')).toBe('There is no text.');
    expect(await view.page.locator('.model button:text("Cancel")').isVisible()).toBe(false);
    expect(await view.audit()).toEqual([]);
  });

  it('tells of claims beside the experiments, and is opened from there', async () => {
    await open();
    await show(() => window.fake.experiments(window.fake.threeExperiments(), window.fake.measuredModel()));
    await view.page.click('.run button:text("Claims")');
    const rows = await view.page.locator('.claims tbody tr').allInnerTexts();
    expect(rows.filter((row) => row.includes('from Loaded model'))).toHaveLength(3);
    await view.page.click('.claims button:text("Loaded model") >> nth=0');
    expect(await view.page.locator('.model').isVisible()).toBe(true);
  });

  it('is none in a report', async () => {
    await open();
    await show();
    expect(await count('.run:has-text("Loaded model")')).toBe(0);
  });
});

describe('hostile text', () => {
  it('is text wherever it stands, long names are cut, and nothing turns the line around', async () => {
    await open();
    await show(() => {
      const spoil = (value: unknown): unknown => {
        if (
          typeof value === 'string' &&
          !/^(log|linear|lines|dots|matrix|holds|fails|holds only where|not tested)$/.test(value)
        )
          return `<img src=x onerror=1>\u202e\u0007${value} ${'long '.repeat(20)}`;
        if (typeof value !== 'object' || value === null) return value;
        if (Array.isArray(value)) return value.map(spoil);
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spoil(member)]));
      };
      const result = spoil(window.fake.experimentResult()) as ReturnType<typeof window.fake.experimentResult>;
      return window.fake.experiments([window.fake.shownExperiment({ result, message: '<img src=x>' })]);
    });
    expect(await view.page.locator('img').count()).toBe(0);
    const text = await textOf('body');
    expect(text).toContain('<img src=x onerror=1>\\u202E␇');
    expect(text).not.toContain('\u202e');
    expect(text).not.toContain('\u0007');
    const overflow = await view.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

it.each(THEME_NAMES)('is accessible in %s', async (theme) => {
  await open({ theme });
  await show();
  await view.screenshot(`experiments-${theme}`);
  expect(await view.audit()).toEqual([]);
  await show(three);
  await view.page.click('.run button:text("Claims")');
  await view.screenshot(`experiments-claims-${theme}`);
  expect(await view.audit()).toEqual([]);
});

it('is looked at in half a narrow window', async () => {
  await open({ width: 450, height: 2600, theme: 'light' });
  await show();
  await view.screenshot('experiments-narrow');
  await view.page.click('.run button:text("Claims")');
  await view.screenshot('experiments-claims-narrow');
});

describe('the report', () => {
  it('opens in a browser without anything else, on its experiment or on the claims', async () => {
    await open();
    const page = { script: harness().built('js'), style: harness().built('css') };
    const folder = await mkdtemp(path.join(tmpdir(), 'smuggler-report-'));
    try {
      const quick = experimentResult({ name: 'forgetting', title: 'Forgetting <b>' });
      for (const [name, results] of [
        ['one', [experimentResult()]],
        ['two', [experimentResult(), quick]],
      ] as const) {
        const file = path.join(folder, `${name}.html`);
        await writeFile(file, experimentReport(results, page, '2026-11-29T15:30:00.000Z'));
        const report = await harness().plainPage(WIDE);
        const problems: string[] = [];
        report.on('pageerror', (error) => problems.push(error.message));
        report.on('console', (message) => problems.push(message.text()));
        report.on('request', (request) => {
          if (request.url() !== pathToFileURL(file).href && !request.url().startsWith('data:'))
            problems.push(request.url());
        });
        await report.goto(pathToFileURL(file).href);
        await report.waitForSelector('body[data-state=ready]');
        const { texts } = await shown(report);
        expect(texts).toContain(
          name === 'one' ? 'How many voters decide, over τ?' : 'What the paper claims, and what was measured',
        );
        expect(await report.locator('.run button.choose').count()).toBe(results.length + 1);
        expect(await report.locator('button:text("Run Experiment…")').isDisabled()).toBe(true);
        expect(await harness().audit(report)).toEqual([]);
        await report.screenshot({
          path: path.resolve(import.meta.dirname, `../../output/experiments-report-${name}.png`),
        });
        expect(problems).toEqual([]);
        await report.context().close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
