/** @file A document's text as the model sees it: UTF-8 bytes, and the way between editor positions and byte offsets. */
import * as vscode from 'vscode';
import { shortCount } from '../../model/measures/numberText';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { characterEnd } from '../../model/measures/utf8';
import { Utf8Text } from '../../model/text/utf8Text';
import { LruMap } from '../lru';
import { TIMINGS_SCHEME } from '../timings';

/** Documents above this many UTF-16 units are not inspected: encoding them would hold up the extension host. */
export const MAX_DOCUMENT_LENGTH = 2 * 1024 * 1024;

/** Documents whose bytes are kept. */
const KEPT = 4;

/** Schemes whose documents are not text that the user reads or writes in an editor. */
const FOREIGN_SCHEMES: ReadonlySet<string> = new Set([
  'output',
  'comment',
  'vscode-scm',
  'vscode-chat-input',
  'chat-editing-text-model',
  TIMINGS_SCHEME,
]);

interface VersionedText {
  readonly version: number;
  readonly text: Utf8Text;
}

/** Whether SMUGGLER has anything to do with this kind of document. */
export function isInspectable(document: vscode.TextDocument): boolean {
  return !FOREIGN_SCHEMES.has(document.uri.scheme);
}

/** Length in UTF-16 units, without building the text. */
export function textLength(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

/** One sentence where a document is too large to inspect, else null. */
export function tooLargeSentence(document: vscode.TextDocument): string | null {
  const units = textLength(document);
  if (units <= MAX_DOCUMENT_LENGTH) return null;
  return `This document has ${shortCount(units)} characters; SMUGGLER inspects documents of up to ${shortCount(MAX_DOCUMENT_LENGTH)}.`;
}

/** The text after an event's changes, which apply one after the other; null where it has to be encoded anew. */
function changed(before: Utf8Text, { document, contentChanges }: vscode.TextDocumentChangeEvent): Utf8Text | null {
  // Line endings that change are told without content.
  if (contentChanges.length === 0) return null;
  const lineEnding = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  let text: Utf8Text | null = before;
  for (const { rangeOffset, rangeLength, text: inserted } of contentChanges) {
    text = text.replace(rangeOffset, rangeLength, inserted.replace(/\r\n|\r|\n/g, lineEnding));
    if (text === null) return null;
  }
  return text.length === textLength(document) ? text : null;
}

export class DocumentTexts implements vscode.Disposable {
  readonly #texts = new LruMap<string, VersionedText>(KEPT);
  readonly #subscriptions = [
    vscode.workspace.onDidChangeTextDocument((event) => {
      this.#follow(event);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      this.#texts.delete(document.uri.toString());
    }),
  ];

  /** The current version's text, encoded when it is first asked for. The document must not be too large. */
  get(document: vscode.TextDocument): Utf8Text {
    const key = document.uri.toString();
    const known = this.#texts.get(key);
    if (known?.version === document.version) return known.text;
    const text = Utf8Text.encode(document.getText());
    this.#texts.set(key, { version: document.version, text });
    return text;
  }

  /** Byte offset of a position. */
  byteOffset(document: vscode.TextDocument, position: vscode.Position): number {
    return this.get(document).byteOffset(document.offsetAt(position));
  }

  /** Position of a byte offset: of the character that holds it. */
  position(document: vscode.TextDocument, offset: number): vscode.Position {
    return document.positionAt(this.get(document).utf16Offset(offset));
  }

  /** The characters that the chunk at byte `offset` touches. */
  chunkRange(document: vscode.TextDocument, offset: number): vscode.Range {
    const text = this.get(document);
    const { bytes } = text;
    // A chunk that ends within a character marks the whole character.
    const end = characterEnd(bytes, offset + CHUNK_BYTES);
    return new vscode.Range(document.positionAt(text.utf16Offset(offset)), document.positionAt(text.utf16Offset(end)));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#texts.clear();
  }

  /** Applies an edit to the bytes, so that a keystroke in a large document does not encode it anew. */
  #follow(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    const key = document.uri.toString();
    const known = this.#texts.get(key);
    if (known === undefined || known.version === document.version) return;
    const text = changed(known.text, event);
    if (text === null) this.#texts.delete(key);
    else this.#texts.set(key, { version: document.version, text });
  }
}
