/** @file Panels of the editor, at most one of each kind, and views: opened, revealed, and restored after a reload of the window. */
import * as vscode from 'vscode';
import type { PageName } from '../../../model/protocol/panels/panels';
import { SECTION } from '../../configuration';
import type { PanelServices } from './exportablePanels';
import { showPage, showViewPage, webviewOptions } from './html';
import { panelColumn } from './panelColumn';
import type { PanelDefinition } from './panelFrame';
import { PanelFrame } from './panelFrame';
import { showWaitingTab } from './waitingTab';

/** A kind of editor panel. */
export interface EditorPanel {
  /** Shows the panel beside the text, which keeps the focus. */
  open(): void;
  dispose(): void;
}

export function definePanel<P extends PageName>(services: PanelServices, definition: PanelDefinition<P>): EditorPanel {
  const { extensionUri } = services;
  const { page, title } = definition;
  const type = `${SECTION}.${page}`;
  let open: { readonly panel: vscode.WebviewPanel; readonly frame: PanelFrame<P> } | undefined;
  const adopt = (panel: vscode.WebviewPanel) => {
    const frame = new PanelFrame(panel, services, definition);
    const adopted = { panel, frame };
    open = adopted;
    panel.onDidDispose(() => {
      frame.dispose();
      if (open === adopted) open = undefined;
    });
    showPage(panel, extensionUri, page);
  };
  const registration = vscode.window.registerWebviewPanelSerializer(type, {
    deserializeWebviewPanel: (panel) => {
      if (open === undefined) {
        services.selection.restore();
        adopt(panel);
      } else panel.dispose();
      return Promise.resolve();
    },
  });
  return {
    open: () => {
      if (open !== undefined) {
        open.panel.reveal(undefined, false);
        return;
      }
      if (showWaitingTab(type)) return;
      const viewColumn = panelColumn(vscode.window.tabGroups.all, vscode.window.activeTextEditor?.viewColumn);
      const place = { viewColumn, preserveFocus: true };
      adopt(vscode.window.createWebviewPanel(type, title, place, webviewOptions(extensionUri)));
    },
    dispose: () => {
      open?.frame.dispose();
      registration.dispose();
    },
  };
}

/** A view, which VS Code opens by itself. */
export interface View {
  readonly visible: boolean;
  /** Whether the user has closed it, or put another view before it, since it was shown last. */
  readonly wasLeft: boolean;
  dispose(): void;
}

export function defineView<P extends PageName>(services: PanelServices, definition: PanelDefinition<P>): View {
  let open: PanelFrame<P> | undefined;
  let visible = false;
  let wasLeft = false;
  const note = (isVisible: boolean): void => {
    wasLeft = !isVisible;
    visible = isVisible;
  };
  const registration = vscode.window.registerWebviewViewProvider(`${SECTION}.${definition.page}`, {
    resolveWebviewView: (view) => {
      const frame = new PanelFrame(view, services, definition);
      open = frame;
      note(view.visible);
      view.onDidChangeVisibility(() => {
        note(view.visible);
      });
      view.onDidDispose(() => {
        frame.dispose();
        if (open !== frame) return;
        open = undefined;
        note(false);
      });
      showViewPage(view, services.extensionUri, definition.page, definition.title);
    },
  });
  return {
    get visible() {
      return visible;
    },
    get wasLeft() {
      return wasLeft;
    },
    dispose: () => {
      registration.dispose();
      open?.dispose();
    },
  };
}
