/** @file Every panel: what its page is sent, and what it asks the extension for. Both ends of the line are typed by this table. */
import type { AttentionAsk, AttentionState } from './attention';
import type { ComparisonAsk, ComparisonState } from './comparison';
import type { DepthAsk, DepthState } from './depthLens';
import type { ExperimentsAsk, ExperimentsState } from './experiments';
import type { HeatmapAsk, HeatmapState } from './heatmap';
import type { OverviewState } from './overview';
import type { SpecializationAsk, SpecializationState } from './specialization';
import type { MonitorAsk, MonitorState } from './trainingMonitor';
import type { VotesAsk, VotesState } from './votes';

/** Page → messages; a folder of webview/ each. */
export interface Panels {
  readonly votes: { readonly state: VotesState; readonly ask: VotesAsk };
  readonly heatmap: { readonly state: HeatmapState; readonly ask: HeatmapAsk };
  readonly specialization: { readonly state: SpecializationState; readonly ask: SpecializationAsk };
  readonly overview: { readonly state: OverviewState; readonly ask: never };
  readonly attention: { readonly state: AttentionState; readonly ask: AttentionAsk };
  readonly depthLens: { readonly state: DepthState; readonly ask: DepthAsk };
  readonly comparison: { readonly state: ComparisonState; readonly ask: ComparisonAsk };
  readonly experiments: { readonly state: ExperimentsState; readonly ask: ExperimentsAsk };
  readonly trainingMonitor: { readonly state: MonitorState; readonly ask: MonitorAsk };
}

export type PageName = keyof Panels;
