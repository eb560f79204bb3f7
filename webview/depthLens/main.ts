/** @file Entry point of the Depth Lens. */
import { Host } from '../shared/page/host';
import { DepthLensView } from './depthLensView';

new DepthLensView(new Host(1)).start();
