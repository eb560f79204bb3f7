/** @file `smuggler report`: what several experiments found, and the claims that this tells of, as one page, or as a table in Markdown. */
import path from 'node:path';
import { atomicWrite } from '../checkpoint/atomicWrite';
import { readExperiment } from '../experiments/experimentFolder';
import { plural } from '../measures/numberText';
import type { ExperimentResult } from '../protocol/experiments';
import { claimsMarkdown } from '../report/claimsMarkdown';
import { experimentReport, readReportPage } from '../report/experimentReport';
import { UsageError } from './terminal';
import type { Terminal } from './terminal';

export interface ReportFlags {
  readonly out: string;
}

/**
 * @param folders of experiments
 * @param program the folder that the program is in
 * @throws UsageError where a folder holds no result, or the program no page
 */
export async function writeReport(
  folders: readonly string[],
  { out }: ReportFlags,
  program: string,
  terminal: Terminal,
): Promise<void> {
  const results = await Promise.all(
    folders.map(async (folder) => {
      const stored = await readExperiment(folder);
      if (stored?.result != null) return stored.result;
      throw new UsageError(stored?.problem ?? `${folder} holds no result: name a folder that "experiment" wrote.`);
    }),
  );
  if (out.endsWith('.md')) await atomicWrite(out, claimsMarkdown(results));
  else await writePage(results, out, program);
  terminal.note(`${out}: ${plural(results.length, 'experiment', 'experiments')}.`);
}

async function writePage(results: readonly ExperimentResult[], out: string, program: string): Promise<void> {
  const page = await readReportPage(path.join(program, 'out'));
  if (page === null) throw new UsageError(`${program} has no page for a report: build it first.`);
  await atomicWrite(out, experimentReport(results, page, new Date().toISOString()));
}
