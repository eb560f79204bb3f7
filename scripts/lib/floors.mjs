/** @file The floors of the house as a lint rule: which folder may import which. ARCHITECTURE.md draws them. */
import path from 'node:path';
import { ROOT } from './command.mjs';

/** Rooms from the ground up: each may import itself and what stands before it. What lies flat in a program's folder stands on top. */
const FLOORS = {
  model: [
    'protocol',
    'measures',
    'files',
    'report',
    'text',
    'graph',
    'network',
    'runtime',
    'tensorflow',
    'checkpoint',
    'inspection',
    'attribution',
    'depth',
    'memory',
    'completion',
    'training',
    'experiments',
    'process',
    'commandLine',
  ],
  extension: ['modelProcess', 'editor', 'panels', 'commands'],
  webview: ['shared'],
};

/** Rooms whose folders stand side by side, and the one folder that they share. */
const SIDE_BY_SIDE = new Map([['extension/panels', 'frame']]);

/** Imports against the order that are meant. */
const MEANT = new Map([
  ['model/protocol', ['model/network']], // types: what a configuration holds
  ['model/runtime', ['model/tensorflow']], // TensorFlow.js is one of the devices
]);

/** What another program may be asked for. */
const DOORS = {
  model: [],
  extension: ['model'],
  webview: ['model/protocol', 'model/measures'],
};

/** The program and room of a file, both relative to the repository; the room is '' for a file that lies flat. */
function roomOf(file) {
  const [program, room, ...rest] = file.split('/');
  return { program, room: rest.length > 0 ? room : '' };
}

/** A sentence where the import goes up or through a wall, else null. Both paths are relative to the repository. */
function floorProblem(from, to) {
  const here = roomOf(from);
  const there = roomOf(to);
  if (!(here.program in FLOORS) || !(there.program in FLOORS)) return null;
  const [a, b] = [`${here.program}/${here.room}`, `${there.program}/${there.room}`];
  if (here.program !== there.program) {
    const isOpen = DOORS[here.program].some((door) => `${b}/`.startsWith(`${door}/`));
    return isOpen
      ? null
      : `${here.program}/ may not import ${b}: ${here.program}/ knows ${DOORS[here.program].join(', ') || 'no other program'}.`;
  }
  if (a === b && SIDE_BY_SIDE.has(a)) {
    const [ours, theirs] = [from, to].map((file) => file.split('/')[2]);
    if (ours === theirs || theirs === SIDE_BY_SIDE.get(a)) return null;
    return `${a}/${ours} may not import ${a}/${theirs}, which stands beside it: move what both need to ${SIDE_BY_SIDE.get(a)}/.`;
  }
  if (a === b || MEANT.get(a)?.includes(b)) return null;
  const order = FLOORS[here.program];
  const floor = (room) => (order.includes(room) ? order.indexOf(room) : order.length);
  // The extension's flat files are what every room needs, but for its entry and what that offers.
  if (here.program === 'extension' && there.room === '' && !/\/(extension|api)\.ts$/.test(to)) return null;
  if (here.room === '' || floor(there.room) < floor(here.room)) return null;
  return `${a} may not import ${b}, which stands above it or beside it: move what both need down (ARCHITECTURE.md, Floors).`;
}

/** ESLint's plugin with the rule `floors`. */
export const house = {
  rules: {
    floors: {
      meta: { type: 'problem', schema: [] },
      create(context) {
        const from = path.relative(ROOT, context.filename).split(path.sep).join('/');
        const check = (node) => {
          // Absent where a file exports its own, no text where a path is put together.
          const source = node.source?.value;
          if (typeof source !== 'string' || !source.startsWith('.')) return;
          const problem = floorProblem(from, `${path.posix.join(path.posix.dirname(from), source)}.ts`);
          if (problem !== null) context.report({ node, message: problem });
        };
        return {
          ImportDeclaration: check,
          ImportExpression: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
        };
      },
    },
  },
};
