/** @file An exported panel as JSON and back: typed arrays as plain arrays, and a table of what each one was. README.md has the form. Pure. */
import type { ExportAbout } from '../protocol/panels/export';
import type { Selection } from '../protocol/panels/messages';

const FORMAT = 'smuggler-panel';
const VERSION = 2;

/** All that an exported panel holds. */
export interface ExportedPanel {
  readonly about: ExportAbout;
  /** Where the numbers come from, for users. */
  readonly caption: string;
  readonly selection: Selection | null;
  /** What a reload of the panel restores. */
  readonly view: object;
  /** States that draw it, in this order. */
  readonly states: readonly object[];
}

/** When it was exported, for users: to the minute, in UTC. */
export function exportedWhen({ exported }: ExportAbout): string {
  const date = new Date(exported);
  return Number.isNaN(date.getTime()) ? exported : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A file that is no exported panel, or one that this version cannot read. */
export class ExportedPanelError extends Error {
  override readonly name = 'ExportedPanelError';
}

export function isExportedPanelError(error: unknown): error is ExportedPanelError {
  return error instanceof ExportedPanelError;
}

type NumberArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

interface ArrayType {
  from(values: readonly number[]): NumberArray;
  holds(value: unknown): value is NumberArray;
}

const TYPES: Readonly<Record<string, ArrayType>> = {
  uint8: { from: (values) => Uint8Array.from(values), holds: (value) => value instanceof Uint8Array },
  int8: { from: (values) => Int8Array.from(values), holds: (value) => value instanceof Int8Array },
  uint16: { from: (values) => Uint16Array.from(values), holds: (value) => value instanceof Uint16Array },
  int16: { from: (values) => Int16Array.from(values), holds: (value) => value instanceof Int16Array },
  uint32: { from: (values) => Uint32Array.from(values), holds: (value) => value instanceof Uint32Array },
  int32: { from: (values) => Int32Array.from(values), holds: (value) => value instanceof Int32Array },
  float32: { from: (values) => Float32Array.from(values), holds: (value) => value instanceof Float32Array },
  float64: { from: (values) => Float64Array.from(values), holds: (value) => value instanceof Float64Array },
};

/** Type of a single number that JSON cannot hold. */
const NUMBER = 'number';

/** The fewest digits that give the same float32. */
function float32Text(value: number): string {
  const whole = String(value);
  if (whole.length <= 9) return whole;
  for (let digits = 6; digits <= 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return whole;
}

function numberText(value: number, isFloat32: boolean): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return '-0';
  return isFloat32 ? float32Text(value) : String(value);
}

/** JSON of a value at `path`; what its arrays are goes into `types`. */
function valueText(value: unknown, path: string, types: Map<string, string>): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) types.set(path, NUMBER);
    return numberText(value, false);
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown, index) => valueText(item, `${path}/${index}`, types)).join(',')}]`;
  }
  for (const [name, type] of Object.entries(TYPES)) {
    if (!type.holds(value)) continue;
    types.set(path, name);
    return `[${Array.from(value, (number) => numberText(number, name === 'float32')).join(',')}]`;
  }
  if (typeof value !== 'object')
    throw new ExportedPanelError(`${path} is a ${typeof value}, which cannot be exported.`);
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => {
      const place = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return `${JSON.stringify(key)}:${valueText(member, place, types)}`;
    });
  return `{${members.join(',')}}`;
}

/** The panel as the text of a file. The same panel always gives the same text. */
export function encodePanel({ about, caption, selection, view, states }: ExportedPanel): string {
  const types = new Map<string, string>();
  const first = states[0];
  const provenance = first !== undefined && 'provenance' in first ? first.provenance : null;
  const text = (value: unknown, path: string) => valueText(value, path, types);
  const stateTexts = states.map((state, index) => `    ${text(state, `/states/${index}`)}`);
  const members: readonly (readonly [string, string])[] = [
    ['format', text(FORMAT, '')],
    ['version', text(VERSION, '')],
    ['panel', text(about.panel, '')],
    ['title', text(about.title, '')],
    ['exported', text(about.exported, '')],
    ['extension', text(about.extension, '')],
    ['caption', text(caption, '')],
    ['provenance', text(provenance, '/provenance')],
    ['selection', text(selection, '/selection')],
    ['view', text(view, '/view')],
    ['types', ''],
    ['states', `[\n${stateTexts.join(',\n')}\n  ]`],
  ];
  // All types are known only now.
  const typesText = JSON.stringify(Object.fromEntries(types));
  const lines = members.map(([key, value]) => `  "${key}": ${key === 'types' ? typesText : value}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOT_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : NOT_FINITE.get(value);
}

/** Puts back what `types` says stood at a place. */
function restore(root: Record<string, unknown>, pointer: string, type: unknown, source: string): void {
  const wrong = (what: string) => new ExportedPanelError(`${source}: ${pointer} is named in "types", but ${what}.`);
  const keys = pointer.split('/').slice(1);
  const last = keys.pop();
  let holder: unknown = root;
  const step = (container: unknown, key: string): unknown => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof container !== 'object' || container === null || !Object.hasOwn(container, name)) {
      throw wrong('there is nothing there');
    }
    return (container as Record<string, unknown>)[name];
  };
  for (const key of keys) holder = step(holder, key);
  if (last === undefined) throw wrong('it names no place');
  const value = step(holder, last);
  const set = (to: unknown): void => {
    (holder as Record<string, unknown>)[last.replaceAll('~1', '/').replaceAll('~0', '~')] = to;
  };
  if (type === NUMBER) {
    const number = numberOf(value);
    if (number === undefined) throw wrong('there is no number there');
    set(number);
    return;
  }
  const array = typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (array === undefined) throw wrong(`its type ${JSON.stringify(type)} is not known`);
  if (!Array.isArray(value)) throw wrong('there is no array there');
  const numbers = value.map((item: unknown) => {
    const number = numberOf(item);
    if (number === undefined) throw wrong(`there is ${JSON.stringify(item)} among its numbers`);
    return number;
  });
  set(array.from(numbers));
}

function selectionOf(value: unknown, source: string): Selection | null {
  if (value === null) return null;
  if (isRecord(value)) {
    const { offset, bit, voter, locked } = value;
    const isPlace = (place: unknown): place is number | null => place === null || Number.isInteger(place);
    if (typeof offset === 'number' && isPlace(bit) && isPlace(voter) && typeof locked === 'boolean') {
      return { offset, bit, voter, locked };
    }
  }
  throw new ExportedPanelError(`${source}: "selection" is no selection.`);
}

/**
 * The panel of a file's text.
 * @param source the file, for the sentence of an error
 * @throws ExportedPanelError where it is no exported panel, or of a form that is not known here
 */
export function decodePanel(text: string, source: string): ExportedPanel {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new ExportedPanelError(`${source} is not JSON; choose a file that Export Panel… wrote as JSON.`);
  }
  if (!isRecord(root) || root['format'] !== FORMAT) {
    throw new ExportedPanelError(`${source} is not an exported panel: its "format" is not "${FORMAT}".`);
  }
  if (root['version'] !== VERSION) {
    throw new ExportedPanelError(
      `${source} has version ${JSON.stringify(root['version'])} of the format; this extension reads version ${VERSION}.`,
    );
  }
  const word = (key: string): string => {
    const value = root[key];
    if (typeof value === 'string') return value;
    throw new ExportedPanelError(`${source}: "${key}" is ${JSON.stringify(value)}, expected a text.`);
  };
  const { types, states, view } = root;
  if (!isRecord(types) || !isRecord(view) || !Array.isArray(states)) {
    throw new ExportedPanelError(`${source}: "types" and "view" must be objects and "states" a list.`);
  }
  for (const [pointer, type] of Object.entries(types)) restore(root, pointer, type, source);
  const isReady = (state: unknown): state is object => isRecord(state) && state['kind'] === 'ready';
  if (states.length === 0 || !states.every(isReady)) {
    throw new ExportedPanelError(`${source}: "states" must hold at least one state, and each must be of kind "ready".`);
  }
  return {
    about: {
      panel: word('panel'),
      title: word('title'),
      exported: word('exported'),
      extension: word('extension'),
    },
    caption: word('caption'),
    selection: selectionOf(root['selection'], source),
    view,
    states,
  };
}
