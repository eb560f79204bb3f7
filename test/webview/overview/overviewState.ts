/** @file A made-up but realistic state of the Model overview, as the extension host would send it. */
import type { Page } from 'playwright-core';
import { networkBlocks } from '../../../model/network/blocks';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { OverviewReady } from '../../../model/protocol/panels/overview';

const CARD = `# Harbour

A starter model, trained on short tales.
It knows words and layout, <b>not facts</b>.

- Data: 2 MB of tales
- Licence: MIT

\`\`\`
npx smuggler evaluate
\`\`\`
`;

export const CONFIG: ModelConfig = { ...DEFAULT_CONFIG, bit_decoding: 'chained' };

/** Plain numbers, because typed arrays do not travel into the page. */
type PlainActivity = Omit<NonNullable<OverviewReady['activity']>, 'rms' | 'gates'> & {
  readonly rms: readonly number[];
  readonly gates: readonly { readonly block: string; readonly gates: readonly number[] }[];
};
export type PlainOverview = Omit<OverviewReady, 'activity'> & { readonly activity: PlainActivity | null };

/** A model of the default configuration, with what is changed. */
export function overview(change: Partial<PlainOverview> = {}, config = CONFIG): PlainOverview {
  const blocks = networkBlocks(config).map((block, i) => ({
    ...block,
    positions: Math.ceil(config.context_chunks / 2 ** block.level),
    milliseconds: 0.02 + 0.11 * ((i * 7) % 5) + (block.kind === 'voters' ? 1.2 : 0),
  }));
  return {
    kind: 'ready',
    provenance: {
      model: 'starter',
      checkpoint: '3f9c1ab27d40',
      votersPerBit: 128,
      temperature: '6.4',
      aggregation: 'softmax',
      bitDecoding: 'chained',
      document: 'order.ts',
    },
    checkpoint: '3f9c1ab27d40',
    folder: '/models/starter',
    steps: 12_000,
    blocks,
    stages: config.stages,
    context: config.context_chunks,
    timedRuns: 15,
    device: 'cpu',
    threads: 0,
    card: CARD,
    config: Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)] as const),
    activity: {
      checkpoint: '3f9c1ab27d40',
      index: 2,
      chunkCount: 120,
      offset: 8,
      text: 'func',
      rms: blocks.map((_, i) => 0.4 + 0.3 * ((i * 3) % 7)),
      gates: [],
    },
    activityProblem: null,
    ...change,
  };
}

/** Sends the state and waits until it is drawn. */
export async function showOverview(page: Page, state: PlainOverview = overview()): Promise<void> {
  await page.evaluate((plain) => {
    const { activity } = plain;
    const typed = activity && {
      ...activity,
      rms: Float32Array.from(activity.rms),
      gates: activity.gates.map(({ block, gates }) => ({ block, gates: Float32Array.from(gates) })),
    };
    return window.fake.send({ ...plain, activity: typed });
  }, state);
  await page.waitForSelector(`body[data-state=ready][data-offset="${state.activity?.offset ?? ''}"]`);
}
