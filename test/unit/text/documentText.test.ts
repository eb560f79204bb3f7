/** @file What a document's text is: byte order marks and line breaks as VS Code has them (the integration tests compare with the editor). */
import { describe, expect, it } from 'vitest';
import { documentText } from '../../../model/text/documentText';
import { DOCUMENT_TEXTS } from './documentTexts';

const textOf = (file: string): string => Buffer.from(documentText(Buffer.from(file))).toString();

describe('the text of a document', () => {
  it.each(DOCUMENT_TEXTS)('of $name', ({ file, text }) => {
    expect(textOf(file)).toBe(text);
  });

  it('is the text of its text', () => {
    for (const { text } of DOCUMENT_TEXTS.filter(({ text }) => !text.startsWith('\uFEFF')))
      expect(textOf(text)).toBe(text);
  });

  it('is the file itself, not a copy, where nothing changes', () => {
    const file = Buffer.from('a\r\nb\r\n');
    expect(documentText(file)).toBe(file);
  });
});
