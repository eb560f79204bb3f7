/** @file Entry point of the comparison. */
import type { ComparisonState } from '../../model/protocol/panels/comparison';
import { Host } from '../shared/page/host';
import type { ComparisonSaved } from './comparisonView';
import { ComparisonView } from './comparisonView';

new ComparisonView(new Host<ComparisonState, ComparisonSaved>(1)).start();
