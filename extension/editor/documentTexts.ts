/** @file A document's text as the model sees it: UTF-8 bytes, and the way between editor positions and byte offsets. */
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../model/text/chunks';
import { Utf8Index } from '../../model/text/utf8';
import { LruMap } from '../lru';

/** Documents above this many UTF-16 units are not inspected: encoding them would hold up the extension host. */
export const MAX_DOCUMENT_LENGTH = 2 * 1024 * 1024;

/** Documents whose bytes are kept. */
const KEPT = 4;

/** Schemes whose documents are not text that somebody reads or writes in an editor. */
const FOREIGN_SCHEMES: ReadonlySet<string> = new Set([
  'output',
  'comment',
  'vscode-scm',
  'vscode-chat-input',
  'chat-editing-text-model',
]);

export interface DocumentText {
  readonly version: number;
  readonly bytes: Uint8Array;
  readonly index: Utf8Index;
}

/** Whether SMUGGLER has anything to do with this kind of document. */
export function isInspectable(document: vscode.TextDocument): boolean {
  return !FOREIGN_SCHEMES.has(document.uri.scheme);
}

/** Length in UTF-16 units, without building the text. */
function length(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

/** One sentence where a document is too large to inspect, else null. */
export function tooLargeSentence(document: vscode.TextDocument): string | null {
  const units = length(document);
  if (units <= MAX_DOCUMENT_LENGTH) return null;
  const size = (units / 1024 / 1024).toFixed(1);
  return `This document has ${size} MB; SMUGGLER inspects documents of up to ${MAX_DOCUMENT_LENGTH / 1024 / 1024} MB.`;
}

export class DocumentTexts implements vscode.Disposable {
  readonly #texts = new LruMap<string, DocumentText>(KEPT);
  readonly #closed = vscode.workspace.onDidCloseTextDocument((document) => {
    this.#texts.delete(document.uri.toString());
  });

  /** The current version's bytes, encoded when it is first asked for. The document must not be too large. */
  get(document: vscode.TextDocument): DocumentText {
    const key = document.uri.toString();
    const known = this.#texts.get(key);
    if (known?.version === document.version) return known;
    const source = document.getText();
    const text = { version: document.version, bytes: new TextEncoder().encode(source), index: Utf8Index.build(source) };
    this.#texts.set(key, text);
    return text;
  }

  /** Byte offset of a position. */
  byteOffset(document: vscode.TextDocument, position: vscode.Position): number {
    return this.get(document).index.byteOffset(document.offsetAt(position));
  }

  /** Position of a byte offset: of the character that holds it. */
  position(document: vscode.TextDocument, offset: number): vscode.Position {
    return document.positionAt(this.get(document).index.utf16Offset(offset));
  }

  /** The characters that the chunk at byte `offset` touches. */
  chunkRange(document: vscode.TextDocument, offset: number): vscode.Range {
    const { bytes, index } = this.get(document);
    let end = Math.min(offset + CHUNK_BYTES, bytes.length);
    // A chunk that ends within a character marks the whole character.
    while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end++;
    return new vscode.Range(
      document.positionAt(index.utf16Offset(offset)),
      document.positionAt(index.utf16Offset(end)),
    );
  }

  dispose(): void {
    this.#closed.dispose();
    this.#texts.clear();
  }
}
