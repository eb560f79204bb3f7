/** @file Entry point of the Sparsity heatmap. */
import { Host } from '../shared/page/host';
import { HeatmapView } from './heatmapView';

new HeatmapView(new Host(1)).start();
