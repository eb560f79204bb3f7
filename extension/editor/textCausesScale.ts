/** @file How causes are coloured in the text: two signs in three strengths, and what the legend says of them, without VS Code. */
import {
  CAUSE_METHODS,
  CAUSE_UNITS,
  causesProvenance,
  causesSentence,
  plainText,
  targetName,
} from '../../model/measures/causesText';
import { shortNumber } from '../../model/measures/numberText';
import type { Causes } from '../../model/protocol/causes';
import { escapeMarkdown } from './markdown';

/** Strengths of a sign, as shares of the largest contribution from which they begin. */
const STRENGTHS = [0.05, 0.25, 0.6] as const;
const OPACITIES = [0.16, 0.32, 0.5] as const;

/** Orange and blue, as effects have them in the panels: told apart without seeing red or green. */
const HUES = {
  more: { dark: '#e08a2c', light: '#d9760a' },
  less: { dark: '#3d8fe0', light: '#1f6fd0' },
} as const;

/** One way of colouring a cause. */
interface CauseStyle {
  readonly sign: 'more' | 'less';
  /** As #rrggbbaa. */
  readonly light: string;
  readonly dark: string;
  /** The line below says the sign again: solid for more, dotted for less. */
  readonly line: 'solid' | 'dotted';
}

/** By the steps of {@link causeSteps}. */
export const CAUSE_STYLES: readonly CauseStyle[] = (['more', 'less'] as const).flatMap((sign) =>
  OPACITIES.map((opacity) => {
    const alpha = Math.round(255 * opacity)
      .toString(16)
      .padStart(2, '0');
    const { light, dark } = HUES[sign];
    return { sign, light: light + alpha, dark: dark + alpha, line: sign === 'more' ? 'solid' : 'dotted' } as const;
  }),
);

/** The step of each byte from the first cause to the last; −1 where it contributed next to nothing. */
export function causeSteps({ causes }: Pick<Causes, 'causes'>): {
  readonly firstByte: number;
  readonly steps: Int8Array;
} {
  const [first, last] = [causes[0], causes.at(-1)];
  if (first === undefined || last === undefined) return { firstByte: 0, steps: new Int8Array() };
  const firstByte = first.offset;
  const steps = new Int8Array(last.offset + last.length - firstByte).fill(-1);
  const largest = Math.max(...causes.map(({ contribution }) => Math.abs(contribution)));
  for (const { offset, length, contribution } of causes) {
    const strength = STRENGTHS.findLastIndex((share) => largest > 0 && Math.abs(contribution) >= share * largest);
    if (strength < 0) continue;
    const step = contribution > 0 ? strength : STRENGTHS.length + strength;
    steps.fill(step, offset - firstByte, offset - firstByte + length);
  }
  return { firstByte, steps };
}

/** What more of the value is called. */
function words({ kind }: Causes['target']): { readonly more: string; readonly less: string } {
  if (kind === 'chunk' || kind === 'byte') return { more: 'more surprising', less: 'less surprising' };
  return kind === 'bit' ? { more: 'towards 1', less: 'towards 0' } : { more: 'higher score', less: 'lower score' };
}

/** The status bar item's text. */
export function causesLegend(causes: Causes): string {
  const { more, less } = words(causes.target);
  return `$(lightbulb) Causes of ${targetName(causes)}: orange ${more} · blue ${less.replace(' surprising', '')}`;
}

/** What the colours mean, as Markdown: sentence, scale, unit, method, N. */
export function causesMarkdown(causes: Causes): string {
  const largest = Math.max(0, ...causes.causes.map(({ contribution }) => Math.abs(contribution)));
  const { more, less } = words(causes.target);
  const from = STRENGTHS.map((share) => shortNumber(share * largest)).join(', ');
  const memory =
    causes.target.kind === 'chunk'
      ? [
          'Outlined with dashes: where memory voters had last seen the text before, while memory is on. The hover there names them.',
        ]
      : [];
  return [
    escapeMarkdown(plainText(causesSentence(causes))),
    `Orange with a solid line: the text made it ${more}. Blue with a dotted line: ${less}. Each stronger from ${from} ${CAUSE_UNITS[causes.target.kind]} on.`,
    ...memory,
    `${CAUSE_METHODS[causes.method]} · checkpoint ${causes.checkpoint} · ${causesProvenance(causes)}`,
  ].join('\n\n');
}
