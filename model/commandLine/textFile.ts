/** @file A text file that a subcommand was given, as an editor shows it. */
import { isUtf8 } from 'node:buffer';
import { documentText, isUtf16 } from '../text/documentText';
import { readNamedFile } from './namedFile';
import type { Terminal } from './terminal';
import { UsageError } from './terminal';

/**
 * The text of a file; where it is not the file's bytes, the terminal says what its offsets count in.
 * @throws UsageError where it is no text in UTF-8, FileSystemError
 */
export async function readTextFile(file: string, terminal: Terminal): Promise<Uint8Array> {
  const bytes = await readNamedFile(file);
  if (isUtf16(bytes)) throw new UsageError(`${file} is in UTF-16; save it in UTF-8 and try again.`);
  if (!isUtf8(bytes)) throw new UsageError(`${file} is not in UTF-8; save it in UTF-8 and try again.`);
  const text = documentText(bytes);
  if (text !== bytes) {
    terminal.note(
      'Offsets count in the text as an editor shows it: without a byte order mark, all line breaks the same.',
    );
  }
  return text;
}
