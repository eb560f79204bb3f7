/** @file Entry point of the comparison. */
import { Host } from '../shared/page/host';
import { ComparisonView } from './comparisonView';

new ComparisonView(new Host(1)).start();
