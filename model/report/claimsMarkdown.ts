/** @file The claims of the paper with what experiments found of them, as a table in Markdown. Pure. */
import { CLAIMS } from '../measures/claims';
import { EXPERIMENT_TEXTS, experimentSource, QUICK_CAUTION, verdictText } from '../measures/experimentText';
import { withMinus } from '../measures/numberText';
import type { Estimate, ExperimentResult } from '../protocol/experiments';

function estimateCell({ value, interval, unit, n, of, reason }: Estimate): string {
  if (value === null) return `undefined: ${reason ?? 'no reason is given'}`;
  const digits = (number: number) => withMinus(String(Number(number.toPrecision(3))));
  const range = interval === null ? '' : ` (95 %: ${interval.map(digits).join(' … ')})`;
  return `${`${digits(value)} ${unit}`.trim()}${range}, N = ${n} ${of}`;
}

/** What a reader has to know where some or all of the runs were quick. */
function caution(results: readonly ExperimentResult[]): string[] {
  const quick = results.filter(({ setup }) => setup.quick).length;
  if (quick === 0) return [];
  return [
    quick === results.length
      ? QUICK_CAUTION
      : `What is marked (quick): ${QUICK_CAUTION[0]!.toLowerCase()}${QUICK_CAUTION.slice(1)}`,
  ];
}

/** Nothing in a cell ends it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** @returns a row for each finding, in the order of the claims; a claim without one says that it is not tested */
export function claimsMarkdown(results: readonly ExperimentResult[]): string {
  const rows = CLAIMS.flatMap(({ key, claim, measure, experiment }) => {
    const { title } = EXPERIMENT_TEXTS[experiment];
    const found = results.flatMap(({ findings, setup }) =>
      findings.filter((finding) => finding.claim === key).map((finding) => ({ ...finding, quick: setup.quick })),
    );
    if (found.length === 0) return [[claim, measure, '', 'not tested', title]];
    return found.map((finding) => [
      claim,
      finding.measure,
      estimateCell(finding.estimate),
      `**${verdictText(finding)}** ${finding.because}`,
      finding.quick ? `${title} (quick)` : title,
    ]);
  });
  const header = ['claim', 'measure', 'measured', 'verdict', 'experiment'];
  const table = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
  return [
    '# What the paper claims, and what was measured',
    ...caution(results),
    table.join('\n'),
    results.map((result) => `- ${experimentSource(result)}`).join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}
