/** @file Choose Device…: every device with its speed and whether its numbers agree with the CPU, or why it cannot be used. */
import * as vscode from 'vscode';
import { TRAINING_DEVICES } from '../../model/runtime/device';
import { readSettings, SECTION } from '../configuration';
import { AUTO } from '../modelProcess/deviceService';
import type { DeviceService } from '../modelProcess/deviceService';
import { fastestDevice } from '../modelProcess/fastestDevice';
import { autoDetail, DEVICE_NAMES, reportDetail } from './deviceText';
import { MEASURE_AGAIN } from './measureAgain';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';
import { showWarning } from '../notifications';

interface DeviceItem extends vscode.QuickPickItem {
  readonly device: string;
  /** Why it cannot be chosen, or null. */
  readonly refusal: string | null;
}

export class DeviceCommands {
  constructor(
    private readonly devices: DeviceService,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * Choose Device…
   * @param given skips the question
   */
  async choose(given?: string): Promise<{ readonly device: string } | CommandFailure | undefined> {
    const distrust = requireTrust('Another device runs native code of its driver');
    if (distrust !== null) return distrust;
    try {
      if (given !== undefined && given !== AUTO && !TRAINING_DEVICES.some((device) => device === given)) {
        throw new Error(`"${given}" is not a device: choose ${[AUTO, ...TRAINING_DEVICES].join(', ')}.`);
      }
      const device = given ?? (await this.#ask());
      if (device === undefined) return undefined;
      await this.#set(device);
      this.devices.forgive();
      return { device };
    } catch (error) {
      return reportFailure(error, this.log);
    }
  }

  /** Where the setting stands already, or else for every window of this person. */
  async #set(device: string): Promise<void> {
    const section = vscode.workspace.getConfiguration(SECTION);
    const ofWorkspace = section.inspect<string>('device')?.workspaceValue !== undefined;
    const target = ofWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await section.update('device', device, target);
  }

  #items(): DeviceItem[] {
    const { reports } = this.devices;
    const current = readSettings().device;
    const item = (device: string, detail: string, refusal: string | null): DeviceItem => ({
      label: `$(${refusal === null ? (device === current ? 'check' : 'blank') : 'circle-slash'}) ${device}`,
      description: DEVICE_NAMES[device] ?? '',
      detail,
      device,
      refusal,
    });
    const auto = autoDetail(
      fastestDevice(reports, 'answering'),
      fastestDevice(reports, 'training'),
      reports.length > 0,
    );
    return [
      item(AUTO, auto, null),
      ...TRAINING_DEVICES.map((device) => {
        const report = reports.find(({ name }) => name === device);
        if (report === undefined) return item(device, 'measuring…', null);
        return item(device, reportDetail(report), report.available ? null : report.reason);
      }),
    ];
  }

  async #ask(): Promise<string | undefined> {
    const picker = vscode.window.createQuickPick<DeviceItem>();
    picker.title = 'Choose Device';
    picker.placeholder = 'Where models run and are trained';
    picker.buttons = [MEASURE_AGAIN];
    const ending = new AbortController();
    const show = () => {
      const active = picker.activeItems[0]?.device ?? readSettings().device;
      picker.items = this.#items();
      picker.activeItems = picker.items.filter(({ device }) => device === active);
    };
    const measure = async () => {
      if (picker.busy) return;
      picker.busy = true;
      try {
        await this.devices.measure(show, ending.signal);
      } catch (error) {
        if (!ending.signal.aborted) reportFailure(error, this.log);
      } finally {
        picker.busy = false;
      }
    };
    const chosen = new Promise<string | undefined>((resolve) => {
      picker.onDidTriggerButton(() => void measure());
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item === undefined) return;
        if (item.refusal !== null) {
          void showWarning(item.refusal);
          return;
        }
        resolve(item.device);
        picker.hide();
      });
      picker.onDidHide(() => {
        resolve(undefined);
      });
    });
    show();
    picker.show();
    if (TRAINING_DEVICES.some((device) => !this.devices.reports.some(({ name }) => name === device))) void measure();
    try {
      return await chosen;
    } finally {
      ending.abort();
      picker.dispose();
    }
  }
}
