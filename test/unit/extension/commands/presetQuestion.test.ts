/** @file Which preset to train: the question shows what was measured, measures what is missing, and all of it again where the user asks. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { PresetCost } from '../../../../extension/modelProcess/deviceService';
import type { PresetCosts } from '../../../../extension/commands/presetQuestion';
import { askPreset } from '../../../../extension/commands/presetQuestion';
import type { PresetSummary } from '../../../../model/protocol/training';
import { PRESETS } from '../../../../model/training/presets';

interface Item {
  readonly label: string;
  readonly description: string;
}

/** VS Code's quick pick, as far as the question uses it; a test is the user. */
class FakePicker {
  title = '';
  placeholder = '';
  busy = false;
  buttons: readonly { readonly tooltip: string }[] = [];
  items: readonly Item[] = [];
  activeItems: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  readonly #listeners = new Map<string, () => void>();

  onDidTriggerButton = (listener: () => void): void => void this.#listeners.set('button', listener);
  onDidAccept = (listener: () => void): void => void this.#listeners.set('accept', listener);
  onDidHide = (listener: () => void): void => void this.#listeners.set('hide', listener);
  show = (): void => undefined;
  dispose = (): void => undefined;
  hide = (): void => {
    this.#listeners.get('hide')!();
  };
  press = (): void => {
    this.#listeners.get('button')!();
  };
  accept = (label: string): void => {
    this.selectedItems = this.items.filter((item) => item.label === label);
    this.#listeners.get('accept')!();
  };
  descriptions = (): readonly string[] =>
    this.items.map(({ description }) => description.replace(/^.*?parameters · /, ''));
}

let picker: FakePicker;
vi.mock('vscode', () => ({ ThemeIcon: vi.fn(), window: { createQuickPick: () => picker } }));

const presets = PRESETS.slice(0, 2);
const [tiny, other] = presets.map(({ name }) => name) as [string, string];

/** Costs that a test hands out one by one, kept as the device service keeps them. */
class FakeCosts implements PresetCosts {
  readonly measured: string[] = [];
  readonly #kept = new Map<string, PresetCost>();
  /** How much slower the machine has become since all was measured. */
  slowness = 1;
  #answer: ((seconds: number | null) => void) | undefined;

  cost({ name }: PresetSummary): PresetCost | undefined {
    const kept = this.#kept.get(name);
    return kept === undefined ? undefined : { ...kept, stepMilliseconds: this.slowness * kept.stepMilliseconds };
  }

  keep({ name, steps }: PresetSummary, seconds: number): void {
    this.#kept.set(name, { stepMilliseconds: (1000 * seconds) / steps, memoryBytes: 5e7 });
  }

  measureProduct(): Promise<void> {
    this.measured.push('product');
    return new Promise((resolve, reject) => {
      this.#answer = (slowness) => {
        if (slowness === null) reject(new Error('It does not run here.'));
        else {
          this.slowness = slowness;
          resolve();
        }
      };
    });
  }

  measurePreset(preset: PresetSummary, signal: AbortSignal): Promise<void> {
    this.measured.push(preset.name);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      this.#answer = (seconds) => {
        if (seconds === null) reject(new Error('It does not run here.'));
        else {
          this.keep(preset, seconds);
          resolve();
        }
      };
    });
  }

  /** The measurement that goes on comes to an end; null: it fails. */
  async answer(seconds: number | null): Promise<void> {
    this.#answer!(seconds);
    await new Promise(setImmediate);
  }
}

let costs: FakeCosts;
beforeEach(() => {
  picker = new FakePicker();
  costs = new FakeCosts();
});

const ask = (): Promise<string | undefined> => askPreset('Train Model (2/3)', presets, costs);
const took = (seconds: number): string => `about ${seconds} s · 50 MB of memory`;

it('measures what has not been measured, one after the other', async () => {
  costs.keep(presets[0]!, 20);
  const chosen = ask();
  expect(picker.descriptions()).toEqual([took(20), 'measuring…']);
  expect([picker.busy, costs.measured]).toEqual([true, [other]]);
  await costs.answer(40);
  expect(picker.descriptions()).toEqual([took(20), took(40)]);
  expect(picker.busy).toBe(false);
  picker.accept(other);
  expect(await chosen).toBe(other);
});

it('tells what was measured before by the present speed of the machine, all presets alike', async () => {
  for (const preset of presets) costs.keep(preset, 20);
  const chosen = ask();
  expect(picker.descriptions()).toEqual([took(20), took(20)]);
  await costs.answer(3);
  expect(picker.descriptions()).toEqual([took(60), took(60)]);
  expect([picker.busy, costs.measured]).toEqual([false, ['product']]);
  picker.hide();
  expect(await chosen).toBeUndefined();
});

it('measures all of it again where the user asks, once at a time', async () => {
  for (const preset of presets) costs.keep(preset, 60);
  const chosen = ask();
  expect(picker.buttons.map(({ tooltip }) => tooltip)).toEqual(['Measure Again']);
  expect([picker.busy, costs.measured]).toEqual([true, ['product']]);
  await costs.answer(1);
  expect(picker.busy).toBe(false);
  costs.measured.length = 0;
  picker.press();
  picker.press();
  expect(picker.descriptions()).toEqual(['measuring…', 'measuring…']);
  expect([picker.busy, costs.measured]).toEqual([true, [tiny]]);
  await costs.answer(20);
  expect(picker.descriptions()).toEqual([took(20), 'measuring…']);
  // What cannot be measured now keeps its figure from before.
  await costs.answer(null);
  expect(picker.descriptions()).toEqual([took(20), took(60)]);
  expect([picker.busy, costs.measured]).toEqual([false, [tiny, other]]);
  picker.press();
  expect(costs.measured).toEqual([tiny, other, tiny]);
  picker.hide();
  expect(await chosen).toBeUndefined();
});

it('ends a measurement once a preset is chosen, and keeps the figures from before', async () => {
  for (const preset of presets) costs.keep(preset, 60);
  const chosen = ask();
  await costs.answer(null);
  costs.measured.length = 0;
  picker.press();
  picker.accept(tiny);
  expect(await chosen).toBe(tiny);
  await new Promise(setImmediate);
  expect(costs.measured).toEqual([tiny]);
  expect(presets.map((preset) => costs.cost(preset)?.stepMilliseconds)).toEqual(
    presets.map(({ steps }) => 60_000 / steps),
  );
});
