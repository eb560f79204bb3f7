/** @file Which preset to train: the question shows what was measured, measures what is missing, and all of it again where the person asks. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { PresetCosts } from '../../../extension/commands/presetQuestion';
import { askPreset } from '../../../extension/commands/presetQuestion';
import type { PresetEstimate } from '../../../model/protocol/devices';
import type { PresetSummary } from '../../../model/protocol/training';
import { PRESETS } from '../../../model/training/presets';

interface Item {
  readonly label: string;
  readonly description: string;
}

/** VS Code's quick pick, as far as the question uses it; a test is the person. */
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
  readonly #kept = new Map<string, PresetEstimate>();
  #answer: ((seconds: number | null) => void) | undefined;

  estimate({ name }: PresetSummary): PresetEstimate | undefined {
    return this.#kept.get(name);
  }

  keep({ name, steps }: PresetSummary, seconds: number): PresetEstimate {
    const estimate = { stepMilliseconds: (1000 * seconds) / steps, memoryBytes: 5e7 };
    this.#kept.set(name, estimate);
    return estimate;
  }

  measurePreset(preset: PresetSummary, signal: AbortSignal): Promise<PresetEstimate> {
    this.measured.push(preset.name);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      this.#answer = (seconds) => {
        if (seconds === null) reject(new Error('It does not run here.'));
        else resolve(this.keep(preset, seconds));
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

it('measures all of it again where the person asks, once at a time', async () => {
  for (const preset of presets) costs.keep(preset, 60);
  const chosen = ask();
  expect(picker.buttons.map(({ tooltip }) => tooltip)).toEqual(['Measure Again']);
  expect([picker.busy, costs.measured]).toEqual([false, []]);
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
  picker.press();
  picker.accept(tiny);
  expect(await chosen).toBe(tiny);
  await new Promise(setImmediate);
  expect(costs.measured).toEqual([tiny]);
  expect(presets.map((preset) => costs.estimate(preset)?.stepMilliseconds)).toEqual(
    presets.map(({ steps }) => 60_000 / steps),
  );
});
