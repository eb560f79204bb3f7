/** @file Which preset to train: each with the time and memory that it takes on this machine, measured while the question stands. */
import * as vscode from 'vscode';
import type { PresetEstimate } from '../../model/protocol/devices';
import type { PresetSummary } from '../../model/protocol/training';
import { presetDescription } from './deviceText';

/** What presets take on this machine; the device service has it. */
export interface PresetCosts {
  /** As measured before, or undefined. */
  estimate(preset: PresetSummary): PresetEstimate | undefined;
  /** @throws where it cannot be measured, or the signal ends it */
  measurePreset(preset: PresetSummary, signal: AbortSignal): Promise<PresetEstimate>;
}

interface PresetItem extends vscode.QuickPickItem {
  readonly preset: string;
}

/** Opens at once with the figures from before. @returns the preset's name; undefined when the person changed their mind */
export async function askPreset(
  title: string,
  presets: readonly PresetSummary[],
  costs: PresetCosts,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<PresetItem>();
  picker.title = title;
  picker.placeholder = 'How large a model?';
  picker.matchOnDescription = true;
  const failed = new Set<string>();
  const show = () => {
    const active = picker.activeItems[0]?.preset;
    picker.items = presets.map((preset) => ({
      label: preset.name,
      description: presetDescription(preset, costs.estimate(preset) ?? (failed.has(preset.name) ? null : undefined)),
      detail: preset.description,
      preset: preset.name,
    }));
    // The picker makes the first one active by itself.
    if (active !== undefined) picker.activeItems = picker.items.filter(({ preset }) => preset === active);
  };
  const ending = new AbortController();
  const measure = async () => {
    const missing = presets.filter((preset) => costs.estimate(preset) === undefined);
    picker.busy = missing.length > 0;
    for (const preset of missing) {
      await costs.measurePreset(preset, ending.signal).catch(() => failed.add(preset.name));
      if (ending.signal.aborted) return;
      show();
    }
    picker.busy = false;
  };
  const chosen = new Promise<string | undefined>((resolve) => {
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
  void measure();
  try {
    return await chosen;
  } finally {
    // Training must not share the machine with a measurement.
    ending.abort();
    picker.dispose();
  }
}
