/** @file What a command's argument may be. It comes from a link, a key binding or another extension, so its type is a promise of nobody. */
import { inspect } from 'node:util';

type Check<T> = (value: unknown) => value is T;

/** Runs with the argument that was given; undefined where there is none. @throws ArgumentError */
export type Command = (given: unknown) => unknown;

/** An argument of another form than the command takes; the message goes on after the command's name. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

export function isArgumentError(error: unknown): error is ArgumentError {
  return error instanceof ArgumentError;
}

/** Characters of a wrong argument that are repeated. */
const QUOTED = 80;

/** A command that asks for nothing; what a menu or a caller gives is ignored. */
export function plain(run: () => unknown): Command {
  return () => run();
}

/**
 * A command whose argument skips its questions.
 * @param takes the argument in words, after 'takes'
 */
export function taking<A>(takes: string, is: Check<A>, run: (given?: A) => unknown): Command {
  return (given) => {
    if (given === undefined || given === null) return run();
    if (is(given)) return run(given);
    // Unlike JSON this has words for cycles, BigInts and functions, and runs nothing of what was given.
    const quoted = inspect(given, { compact: true, breakLength: Infinity, customInspect: false });
    throw new ArgumentError(`takes ${takes}, not ${quoted.length > QUOTED ? `${quoted.slice(0, QUOTED)}…` : quoted}.`);
  };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

export function orNull<T>(is: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || is(value);
}

export function optional<T>(is: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || is(value);
}

export function either<A, B>(isA: Check<A>, isB: Check<B>): Check<A | B> {
  return (value): value is A | B => isA(value) || isB(value);
}

export function oneOf<T extends string>(...names: readonly T[]): Check<T> {
  return (value): value is T => names.some((name) => name === value);
}

/** An object with these fields; it may have others. */
export function fields<A extends object>(checks: { readonly [K in keyof A]-?: Check<A[K]> }): Check<A> {
  return (value): value is A =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Check<unknown>>(checks).every(([name, is]) => is((value as Record<string, unknown>)[name]));
}
