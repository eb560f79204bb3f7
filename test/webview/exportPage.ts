/** @file Exporting from a page of the harness: asks as the extension host does, and reads what comes back. */
import { standAlonePage } from '../../model/report/standAlonePage';
import type { ExportAbout, ExportFormat, PageTheme } from '../../model/protocol/panels/export';
import type { Harness, OpenView } from './harness';

/** What came back, with bytes as base64. */
interface Exported {
  readonly kind: string;
  readonly text?: string;
  readonly base64?: string;
  readonly document?: string;
  readonly theme?: PageTheme;
  readonly message?: string;
}

export function about(panel: string, title: string): ExportAbout {
  return { panel, title, exported: '2026-11-24T15:30:00.000Z', extension: '0.1.0' };
}

async function ask(view: OpenView, format: ExportFormat, said: ExportAbout): Promise<Exported> {
  return view.page.evaluate(
    async ([wanted, named]) => {
      const id = window.fake.posted.length + 1;
      window.postMessage({ type: 'export', id, format: wanted, about: named }, '*');
      for (;;) {
        const answer = window.fake.posted.find((message) => message.type === 'exported' && message.id === id);
        if (answer?.type === 'exported') {
          const { content } = answer;
          if (content.kind !== 'bytes') return content;
          return {
            kind: 'bytes',
            base64: btoa(Array.from(content.bytes, (byte) => String.fromCharCode(byte)).join('')),
          };
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [format, said] as const,
  );
}

export async function exportText(view: OpenView, format: 'svg' | 'csv' | 'json', said: ExportAbout): Promise<string> {
  const { text, message } = await ask(view, format, said);
  if (text === undefined) throw new Error(message);
  return text;
}

export async function exportFailure(view: OpenView, said: ExportAbout): Promise<string | undefined> {
  return (await ask(view, 'json', said)).message;
}

export async function exportPng(view: OpenView, said: ExportAbout): Promise<Buffer> {
  const { base64, message } = await ask(view, 'png', said);
  if (base64 === undefined) throw new Error(message);
  return Buffer.from(base64, 'base64');
}

/** The stand-alone page, as the extension writes it. */
export async function exportHtml(harness: Harness, view: OpenView, said: ExportAbout): Promise<string> {
  const { document, theme, message } = await ask(view, 'html', said);
  if (document === undefined || theme === undefined) throw new Error(message);
  return standAlonePage({
    title: said.title,
    document,
    theme,
    script: harness.built('js'),
    style: harness.built('css'),
  });
}
