/** @file One fixed matrix product that times are told by: whatever else the machine does slows it and a training step alike. */
import { Graph } from '../graph/graph';
import { matmul } from '../graph/operators';
import type { Device } from './device';
import { floatTensor } from './onnxRuntime';
import { OnnxSession } from './onnxSession';
import { inRounds, median, timed, timeRuns } from './timing';

/** Rows, columns and depth: some milliseconds on a core, of the kind that a training step is made of. */
const SIZE = 512;

/** Of the time of what is measured, at least so much goes to the product. */
const SHARE = 0.2;
/** Milliseconds after which no further round begins. */
const MOST_MILLISECONDS = 1000;

export interface ReferenceProduct {
  run(): Promise<unknown>;
  dispose(): Promise<void>;
}

/** The product [512, 512] · [512, 512] in float32, ready to run. @throws DeviceError where the device is missing */
export async function referenceProduct(device: Device, threads: number): Promise<ReferenceProduct> {
  const graph = new Graph();
  const shape = [SIZE, SIZE];
  graph.output('product', matmul(graph.input('a', shape), graph.input('b', shape)));
  const session = await OnnxSession.create(graph, { device, threads });
  const matrix = () => floatTensor(new Float32Array(SIZE * SIZE).fill(1 / SIZE), shape);
  const feeds = { a: matrix(), b: matrix() };
  return { run: () => session.run(feeds), dispose: () => session.dispose() };
}

/** What one thing took, and the product in turns with it. */
export interface RelativeTime {
  /** Median, in products. */
  readonly products: number;
  /** Median of the product meanwhile, in milliseconds. */
  readonly productMilliseconds: number;
}

/** Times `run` and the product by turns, so that both meet the same load. The first runs, which may compile, are not among them. */
export async function timeInProducts(run: () => Promise<unknown>, product: ReferenceProduct): Promise<RelativeTime> {
  await run();
  await product.run();
  const runs: number[] = [];
  const products: number[] = [];
  await inRounds(async () => {
    const took = await timed(run);
    runs.push(took);
    let spent = 0;
    do {
      products.push(await timed(() => product.run()));
      spent += products.at(-1)!;
    } while (spent < SHARE * took);
  }, MOST_MILLISECONDS);
  const productMilliseconds = median(products);
  return { products: median(runs) / productMilliseconds, productMilliseconds };
}

/** Median milliseconds of the product now. @throws DeviceError where the device is missing */
export async function timeProduct(device: Device, threads: number): Promise<number> {
  const product = await referenceProduct(device, threads);
  try {
    return await timeRuns(() => product.run());
  } finally {
    await product.dispose();
  }
}
