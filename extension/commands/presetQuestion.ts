/** @file Which preset to train: each with the time and memory that it takes on this machine, measured while the question stands. */
import * as vscode from 'vscode';
import type { PresetSummary } from '../../model/protocol/training';
import { presetDescription } from './deviceText';
import type { PresetCost } from '../modelProcess/deviceService';
import { MEASURE_AGAIN } from './measureAgain';

/** What presets take on this machine; the device service has it. */
export interface PresetCosts {
  /** From what was measured before, all presets by the same present speed of the machine; undefined where it never was. */
  cost(preset: PresetSummary): PresetCost | undefined;
  /** @throws where it cannot be measured, or the signal ends it */
  measurePreset(preset: PresetSummary, signal: AbortSignal): Promise<void>;
  /** Brings the present speed up to date. @throws as `measurePreset` */
  measureProduct(signal: AbortSignal): Promise<void>;
}

interface PresetItem extends vscode.QuickPickItem {
  readonly preset: string;
}

/** Opens at once with the figures from before, which are brought to the machine's present speed; a button measures all of them again. @returns the preset's name; undefined when the user changed their mind */
export async function askPreset(
  title: string,
  presets: readonly PresetSummary[],
  costs: PresetCosts,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<PresetItem>();
  picker.title = title;
  picker.placeholder = 'How large a model?';
  picker.matchOnDescription = true;
  picker.buttons = [MEASURE_AGAIN];
  const failed = new Set<string>();
  const waiting = new Set<PresetSummary>();
  const cost = (preset: PresetSummary) =>
    waiting.has(preset) ? undefined : (costs.cost(preset) ?? (failed.has(preset.name) ? null : undefined));
  const show = () => {
    const active = picker.activeItems[0]?.preset;
    picker.items = presets.map((preset) => ({
      label: preset.name,
      description: presetDescription(preset, cost(preset)),
      detail: preset.description,
      preset: preset.name,
    }));
    // The picker makes the first one active by itself.
    if (active !== undefined) picker.activeItems = picker.items.filter(({ preset }) => preset === active);
  };
  const ending = new AbortController();
  const measure = async (wanted: readonly PresetSummary[]) => {
    if (picker.busy) return;
    picker.busy = true;
    if (wanted.length === 0) {
      await costs.measureProduct(ending.signal).catch(() => undefined);
      if (ending.signal.aborted) return;
      show();
    }
    for (const preset of wanted) waiting.add(preset);
    show();
    for (const preset of wanted) {
      await costs.measurePreset(preset, ending.signal).catch(() => failed.add(preset.name));
      if (ending.signal.aborted) return;
      waiting.delete(preset);
      show();
    }
    picker.busy = false;
  };
  const chosen = new Promise<string | undefined>((resolve) => {
    picker.onDidTriggerButton(() => void measure(presets));
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item === undefined) return;
      resolve(item.preset);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
  });
  show();
  picker.show();
  void measure(presets.filter((preset) => costs.cost(preset) === undefined));
  try {
    return await chosen;
  } finally {
    // Training must not share the machine with a measurement.
    ending.abort();
    picker.dispose();
  }
}
