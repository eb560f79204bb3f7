/** @file `voters.jsonl`: what users call the voters of a model and know of them, in a file that diffs well. */
import path from 'node:path';
import { CHUNK_BITS } from '../measures/chunk';
import type { SetVoterNoteParams, VoterNote } from '../protocol/voterNotes';
import { atomicWrite } from './atomicWrite';
import { duplicateKey } from '../files/duplicateKey';
import { fileSystemError, isFileSystemError } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';
import { visibleText } from '../measures/visibleText';

// The first line says how many voters a bit the notes are about; then a line a voter, sorted by bit and voter, its keys always in
// the same order. So an edit changes one line, and notes that two users wrote merge line by line.

const FILE = 'voters.jsonl';
const MOST_NAME = 80;
const MOST_NOTE = 4000;
const MOST_FILE_BYTES = 256_000_000;

/** Notes that cannot be read or set; the message is one sentence for the user. */
export class VoterNotesError extends Error {
  override readonly name = 'VoterNotesError';

  constructor(
    /** Whether the file is at fault, or what was asked for. */
    readonly reason: 'file' | 'request',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isVoterNotesError(error: unknown): error is VoterNotesError {
  return error instanceof VoterNotesError;
}

/**
 * The notes of a model folder, by bit, then voter; none where there is no file.
 * @param votersPerBit M of the model in the folder
 * @throws VoterNotesError where the file is broken, or about a model with another M
 * @throws FileSystemError where it cannot be read
 */
export async function readVoterNotes(folder: string, votersPerBit: number): Promise<VoterNote[]> {
  const file = path.join(folder, FILE);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readRegularFile(file, MOST_FILE_BYTES));
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return [];
    if (error instanceof TypeError) {
      throw new VoterNotesError('file', `${file}: found text that is not UTF-8, expected JSON lines.`, {
        cause: error,
      });
    }
    throw fileSystemError(error, 'read', file);
  }
  return parseNotes(text, votersPerBit, file);
}

function parseNotes(text: string, votersPerBit: number, file: string): VoterNote[] {
  const notes = new Map<number, VoterNote>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (index > 0 && line.trim() === '') return;
    const where = `${file}: line ${index + 1}`;
    const value = parseLine(line, where);
    if (index === 0) {
      checkHeader(value, votersPerBit, file);
      return;
    }
    const note = checkNote(value, votersPerBit, where);
    const key = note.bit * votersPerBit + note.voter;
    if (notes.has(key)) {
      throw new VoterNotesError(
        'file',
        `${where}: bit ${note.bit}, voter ${note.voter} is there twice; keep one line.`,
      );
    }
    notes.set(key, note);
  });
  return sorted([...notes.values()]);
}

function parseLine(line: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new VoterNotesError('file', `${where}: found ${shown(line)}, expected a JSON object.`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VoterNotesError('file', `${where}: found ${shown(line)}, expected a JSON object.`);
  }
  const twice = duplicateKey(line);
  if (twice !== null) throw new VoterNotesError('file', `${where}: key ${shown(twice)} is there twice; keep one.`);
  return value as Readonly<Record<string, unknown>>;
}

function checkHeader(value: Readonly<Record<string, unknown>>, votersPerBit: number, file: string): void {
  const found = value['votersPerBit'];
  if (found === votersPerBit) return;
  if (typeof found === 'number') {
    throw new VoterNotesError(
      'file',
      `${file}: the notes are about a model with ${found} voters a bit, but this one has ${votersPerBit}; move the file away to begin new ones.`,
    );
  }
  throw new VoterNotesError(
    'file',
    `${file}: key "votersPerBit" of line 1 is ${shown(found)}, expected ${votersPerBit}, the voters a bit.`,
  );
}

function checkNote(value: Readonly<Record<string, unknown>>, votersPerBit: number, where: string): VoterNote {
  const fail = (key: string, expected: string): never => {
    throw new VoterNotesError('file', `${where}: key "${key}" is ${shown(value[key])}, expected ${expected}.`);
  };
  const integer = (key: string, bound: number): number => {
    const found = value[key];
    const isRight = typeof found === 'number' && Number.isInteger(found) && found >= 0 && found < bound;
    return isRight ? found : fail(key, `an integer from 0 to ${bound - 1}`);
  };
  const string = (key: 'name' | 'note' | 'updated'): string => {
    const found = value[key];
    if (typeof found !== 'string') return fail(key, 'a string');
    return TEXTS[key].allows(found) ? found : fail(key, TEXTS[key].expected);
  };
  const unknown = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    throw new VoterNotesError('file', `${where}: key "${unknown}" is unknown, expected ${[...KEYS].join(', ')}.`);
  }
  return {
    bit: integer('bit', CHUNK_BITS),
    voter: integer('voter', votersPerBit),
    name: string('name'),
    note: string('note'),
    updated: string('updated'),
  };
}

// Controls, ends of lines and paragraphs, half surrogate pairs, and what turns text around; a note may have line ends and tabs.
const NOT_IN_NAME = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;
const NOT_IN_NOTE = /[^\P{Cc}\n\r\t]|[\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?Z)?$/;

/** What the texts of a note may be, whoever wrote them: the panel or another program. */
const TEXTS = {
  name: {
    allows: (text: string) => text.length <= MOST_NAME && !NOT_IN_NAME.test(text),
    expected: `one line of at most ${MOST_NAME} characters, without controls`,
  },
  note: {
    allows: (text: string) => text.length <= MOST_NOTE && !NOT_IN_NOTE.test(text),
    expected: `at most ${MOST_NOTE} characters, without controls`,
  },
  updated: {
    // A day that its month does not have becomes one of the next.
    allows: (text: string) => {
      const date = DATE.test(text) ? new Date(text) : null;
      return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
    },
    expected: 'a date such as 2026-01-31T12:00:00.000Z',
  },
} as const;

const KEYS = new Set(['bit', 'voter', 'name', 'note', 'updated']);

function shown(value: unknown): string {
  const text = visibleText(value === undefined ? 'missing' : JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function sorted(notes: readonly VoterNote[]): VoterNote[] {
  return notes.toSorted((a, b) => a.bit - b.bit || a.voter - b.voter);
}

/** Changes of one file follow each other, so that none is lost. */
const pending = new Map<string, Promise<unknown>>();

/**
 * Names a voter or notes something about it; an empty name with an empty note removes its line. A broken file is left as it is.
 * @param votersPerBit M of the model in the folder
 * @returns all notes, as they are then in the file
 * @throws VoterNotesError where the file is broken or about another M, or what is asked for is not valid
 * @throws FileSystemError where the file cannot be read or written; the old one then still stands
 */
export async function setVoterNote(
  folder: string,
  votersPerBit: number,
  change: SetVoterNoteParams,
  now = new Date(),
): Promise<VoterNote[]> {
  checkChange(change, votersPerBit);
  const file = path.join(folder, FILE);
  const before = pending.get(file) ?? Promise.resolve();
  const written = before.then(async () => {
    const others = (await readVoterNotes(folder, votersPerBit)).filter(
      ({ bit, voter }) => bit !== change.bit || voter !== change.voter,
    );
    const { bit, voter } = change;
    const [name, note] = [change.name.trim(), change.note.trim()];
    const isRemoved = name === '' && note === '';
    const notes = sorted(isRemoved ? others : [...others, { bit, voter, name, note, updated: now.toISOString() }]);
    const lines = [{ votersPerBit }, ...notes.map(lineOf)];
    await atomicWrite(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return notes;
  });
  const settled = written.catch(() => undefined);
  pending.set(file, settled);
  try {
    return await written;
  } finally {
    if (pending.get(file) === settled) pending.delete(file);
  }
}

/** The keys in their order. */
function lineOf({ bit, voter, name, note, updated }: VoterNote): VoterNote {
  return { bit, voter, name, note, updated };
}

function checkChange({ bit, voter, name, note }: SetVoterNoteParams, votersPerBit: number): void {
  const refuse = (message: string): never => {
    throw new VoterNotesError('request', message);
  };
  if (!Number.isInteger(bit) || bit < 0 || bit >= CHUNK_BITS)
    refuse(`Bit ${bit} does not exist, expected 0 to ${CHUNK_BITS - 1}.`);
  if (!Number.isInteger(voter) || voter < 0 || voter >= votersPerBit) {
    refuse(`Voter ${voter} does not exist, expected 0 to ${votersPerBit - 1}.`);
  }
  for (const [key, text] of [
    ['name', name],
    ['note', note],
  ] as const) {
    if (TEXTS[key].allows(text)) continue;
    refuse(`The ${key} of a voter is ${shown(text)} (${text.length} characters), expected ${TEXTS[key].expected}.`);
  }
}
