/** @file Entry point of the comparison. */
import type { ComparisonState } from '../shared/comparisonMessages';
import { Host } from '../shared/page/host';
import type { ComparisonSaved } from './comparisonView';
import { ComparisonView } from './comparisonView';

new ComparisonView(new Host<ComparisonState, ComparisonSaved>(1)).start();
