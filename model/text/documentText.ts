/** @file What a document's text is: the bytes of its file as an editor shows them, which all offsets of this program count in. */

// The rule is VS Code's for a file that is opened, so that a chunk of the training text is the chunk that a hover shows:
// - a byte order mark is no text;
// - line breaks are CR LF, LF and CR, and all become the same: CR LF where more than half of them have a CR, else LF.
// What `files.encoding` makes of a file that is not UTF-8 is not followed: such files are no text to train on.

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** How the line breaks of a text are written. */
interface LineBreaks {
  readonly lf: number;
  readonly cr: number;
  readonly crlf: number;
}

function countLineBreaks(bytes: Uint8Array): LineBreaks {
  let [lf, cr, crlf] = [0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === LINE_FEED) lf++;
    else if (byte === CARRIAGE_RETURN) {
      if (bytes[i + 1] === LINE_FEED) {
        crlf++;
        i++;
      } else cr++;
    }
  }
  return { lf, cr, crlf };
}

function withLineBreaks(bytes: Uint8Array, isCrlf: boolean, length: number): Uint8Array {
  const text = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
      text[at++] = byte;
      continue;
    }
    if (byte === CARRIAGE_RETURN && bytes[i + 1] === LINE_FEED) i++;
    if (isCrlf) text[at++] = CARRIAGE_RETURN;
    text[at++] = LINE_FEED;
  }
  return text;
}

/**
 * The text of a file.
 * @param file its bytes, in UTF-8
 * @returns the bytes themselves where nothing is to be changed, a view of them without a byte order mark, or a changed copy
 */
export function documentText(file: Uint8Array): Uint8Array {
  const bytes = hasByteOrderMark(file) ? file.subarray(3) : file;
  // Most files have none.
  if (!bytes.includes(CARRIAGE_RETURN)) return bytes;
  const { lf, cr, crlf } = countLineBreaks(bytes);
  const isCrlf = cr + crlf > (lf + cr + crlf) / 2;
  const changes = isCrlf ? lf + cr : crlf + cr;
  if (changes === 0) return bytes;
  return withLineBreaks(bytes, isCrlf, bytes.length + (isCrlf ? lf + cr : -crlf));
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Whether a file begins as UTF-16 does. */
export function isUtf16(file: Uint8Array): boolean {
  return (file[0] === 0xff && file[1] === 0xfe) || (file[0] === 0xfe && file[1] === 0xff);
}
