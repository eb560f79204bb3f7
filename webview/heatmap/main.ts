/** @file Entry point of the Sparsity heatmap. */
import { Host } from '../shared/page/host';
import type { HeatmapState } from '../../model/protocol/panels/heatmap';
import type { HeatmapSaved } from './saved';
import { HeatmapView } from './heatmapView';

new HeatmapView(new Host<HeatmapState, HeatmapSaved>(1)).start();
