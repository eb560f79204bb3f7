/** @file The panels that are open and can be exported. */
import * as vscode from 'vscode';
import type { ExportAbout, ExportContent, ExportFormat } from '../../../model/protocol/panels/export';
import { setContext } from '../../configuration';
import type { Services } from '../../editor/services';
import type { PageName } from '../../../model/protocol/panels/panels';

/** A panel's end of the line, as far as exporting needs it. */
export interface ExportChannel {
  /** Whether a page is there. */
  readonly ready: boolean;
  /** When the page got the focus last, as `performance.now()`; −∞ where it never did. */
  readonly focusedAt: number;
  /** Asks the page for what it shows; never rejects. */
  export(format: ExportFormat, about: ExportAbout): Promise<ExportContent>;
}

export interface ExportablePanel {
  readonly page: PageName;
  readonly title: string;
  readonly channel: ExportChannel;
  readonly panel: vscode.WebviewPanel | vscode.WebviewView;
  /** What an exported file says of itself, where the panel shows one: it stays so when it is exported again. */
  readonly about?: ExportAbout;
}

/** Later focus first; those that never had it are equal. */
function byFocus(a: ExportChannel, b: ExportChannel): number {
  return a.focusedAt === b.focusedAt ? 0 : b.focusedAt - a.focusedAt;
}

export class ExportablePanels {
  readonly #open = new Set<ExportablePanel>();

  /** To be called when the panel opens; what is returned is disposed when it closes. */
  add(panel: ExportablePanel): vscode.Disposable {
    this.#open.add(panel);
    this.#tell();
    return new vscode.Disposable(() => {
      this.#open.delete(panel);
      this.#tell();
    });
  }

  /** Those that are on the screen, the one that had the focus last first: a page that is hidden is no longer there. */
  get shown(): readonly ExportablePanel[] {
    return Array.from(this.#open)
      .filter(({ panel, channel }) => panel.visible && channel.ready)
      .sort((a, b) => byFocus(a.channel, b.channel));
  }

  /**
   * The one that the user means without saying so: the editor panel that is the active editor. It is still that while a view has the
   * focus, so then there is none.
   */
  get active(): ExportablePanel | undefined {
    const [latest] = this.shown;
    const active = this.shown.find(({ panel }) => 'active' in panel && panel.active);
    return latest === undefined || active === undefined || byFocus(latest.channel, active.channel) < 0
      ? undefined
      : active;
  }

  #tell(): void {
    setContext('smuggler.panelOpen', this.#open.size > 0);
  }
}

export interface PanelServices extends Services {
  /** Every panel that can be exported joins here while it is open. */
  readonly exports: ExportablePanels;
}
