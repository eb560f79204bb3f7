/** @file Verdicts of claims that hold by some definitions of what counts and not by others. */
import type { Estimate, Finding, Verdict } from '../protocol/experiments';
import { digits, listed } from './charts';
import type { Definition } from './voterCounts';
import { DEFINITIONS } from './voterCounts';

/** What is counted, of which bits. */
interface Counted {
  readonly definition: Definition;
  readonly bit: 0 | 1;
  readonly name: string;
}

/** The operational count is of all bits, so it is taken once. */
export const COUNTED = (Object.keys(DEFINITIONS) as Definition[]).flatMap((definition): Counted[] => {
  const name = DEFINITIONS[definition];
  if (definition === 'operational') return [{ definition, bit: 1, name }];
  return ([1, 0] as const).map((bit) => ({ definition, bit, name: `${name} of ${bit}-bits` }));
});

/** A sentence's claim by one definition of what counts. */
export interface Case {
  readonly name: string;
  readonly estimate: Estimate;
  /** Null where it cannot be told. */
  readonly holds: boolean | null;
}

/** All cases hold, some do, none does; where it cannot be told of any, it is not tested. */
export function verdictOf(cases: readonly Case[], what: string): Pick<Finding, 'verdict' | 'because'> {
  const told = (holds: boolean | null) => cases.filter((one) => one.holds === holds);
  const names = (some: readonly Case[]) =>
    listed(some.map(({ name, estimate }) => `${name} (${digits(estimate.value!)})`));
  const yes = told(true);
  const no = told(false);
  const open = told(null).length > 0 ? ` Not decided: ${told(null).length} of ${cases.length}.` : '';
  if (yes.length + no.length === 0) {
    return { verdict: 'not tested', because: `No interval decides it: more seeds are needed, or more of the runs.` };
  }
  const parts = [
    ...(yes.length > 0 ? [`${what} by ${names(yes)}.`] : []),
    ...(no.length > 0 ? [`Not by ${names(no)}.`] : []),
  ];
  let verdict: Verdict = 'holds only where';
  if (yes.length === 0) verdict = 'fails';
  else if (no.length === 0 && open === '') verdict = 'holds';
  return { verdict, because: `${parts.join(' ')}${open}` };
}
