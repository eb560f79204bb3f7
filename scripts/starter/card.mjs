/** @file The starter model's card: what it is, what it was trained on, how, how good it is, what it is bad at. */
import { KIND_NAMES, KINDS } from './sources.mjs';

const bytes = (count) => count.toLocaleString('en-US');
const bits = (value) => (value === undefined ? '–' : value.toFixed(2));
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/**
 * @param {object} made
 * @param {readonly import('./corpus.mjs').Collected[]} made.sources
 * @param {Record<'model' | 'before' | 'ngram' | 'gzip' | 'xz', import('./measure.mjs').Figures>} made.figures
 * @param {object} made.plan what the training run was
 * @param {number} made.steps
 * @param {object} made.config
 * @param {number} made.parameters
 * @param {string} made.before a sentence on what was trained before that run, or ''
 */
export function card({ sources, figures, plan, steps, config, parameters, before }) {
  const heldOut = (kind) => sources.filter((source) => source.kind === kind).reduce((sum, one) => sum + one.heldOut, 0);
  const trained = sources.reduce((sum, one) => sum + one.train, 0);
  const { optimizer, schedule, batch, context } = plan;
  const stages =
    config.stages === 0
      ? 'attention at every chunk (no down- and upsampling)'
      : `encoder and decoder with ${config.stages === 1 ? 'one stage' : `${config.stages} stages`} and kernels ${config.kernel_sizes.join(', ')}`;
  const ngrams =
    config.byte_ngram_rows === undefined
      ? ''
      : ` with hashed n-grams of bytes (${config.byte_ngram_rows} rows a table)`;
  const byteStage =
    config.byte_channels === undefined ? '' : ` a byte stage of ${config.byte_channels} channels${ngrams},`;
  const muon =
    optimizer.muon === undefined
      ? 'AdamW'
      : `Muon (momentum ${optimizer.muon.momentum}, ${optimizer.muon.scale} of the learning rate) for the matrices inside the processor, AdamW for the rest`;
  return `# The starter model

A small SMUGGLER model so that the extension works before anything has been trained. It knows what TypeScript, JavaScript,
Python and technical English look like; it knows no facts, and it is not a coding assistant.

## What it is

Embedding ${config.embedding_dim}, ${stages}, ${config.bottleneck_layers} ${config.bottleneck} blocks of ${config.attention_heads} heads,${byteStage}
${config.voters_per_bit} voters per bit, ${config.bit_decoding} bits, ${config.aggregation} aggregation with τ = ${config.temperature} (the paper's rule, 0.05·M, would be ${0.05 * config.voters_per_bit}), context ${config.context_chunks} chunks of 4 bytes. ${bytes(parameters)} parameters
in float16.

## What it was trained on

${(trained * 1e-6).toFixed(1)} MB of text, all of it under licences that allow it:

${table(
  ['kind', 'package', 'version', 'licence', 'bytes trained on', 'bytes held out'],
  sources.map((one) => [
    KIND_NAMES[one.kind],
    `\`${one.package}\``,
    one.version,
    one.licence,
    bytes(one.train),
    bytes(one.heldOut),
  ]),
)}

The first packages are npm's, \`libpython3.11-*\`, \`python3.11-doc\` and \`cfi-en\` Debian's. Which files of them, and which are held out,
\`scripts/starter/sources.mjs\` says. Nobody's private text is in it.

## How

${before === '' ? '' : `${before} Then, `}\`npm run starter\`: the default preset (\`smuggler train\` with seed ${plan.seed} on one thread), ${bytes(steps)} steps on batches of ${batch} windows of
${context} chunks in ${Math.round(plan.trainedSeconds / 60)} minutes of a shared machine; ${muon}; learning rate ${schedule.peak}, warm-up, then a cosine to ${schedule.floor * 100} % of it. The
weights were then rounded to float16.

## How good it is

Bits per byte on text that it was not trained on (with chained bits the exact likelihood; smaller is better). The n-gram
model is one of bytes, order 5, with Witten and Bell's interpolation, trained on the same text. gzip and xz compress all held-out
text of a kind as one file, and learn from it as they go.

${table(
  ['held-out text', 'bytes', 'this model', 'order-5 n-gram', 'gzip -9', 'xz -9e', 'the starter model before'],
  KINDS.map((kind) => [
    KIND_NAMES[kind],
    bytes(heldOut(kind)),
    bits(figures.model[kind]),
    bits(figures.ngram[kind]),
    bits(figures.gzip[kind]),
    bits(figures.xz[kind]),
    bits(figures.before[kind]),
  ]),
)}

## What is known of its voters

\`statistics.safetensors\` has what every voter did over the held-out text: histograms of its votes, shares, correlations, and
automatic names such as “before a vowel”, each with the numbers that it was given for. They are numbers, and no piece of
the texts; \`npm run starter -- --statistics\` gathers them again.

## What it is bad at

It sees ${4 * context} bytes and learns nothing from the text in front of it: a name that stands a page above is new to it, so a compressor that
repeats what it has seen does better on long files. It is bad at names, numbers, other languages and anything beyond ASCII; its English is that of
manuals. It goes on with what is common, whether it is right or not.
`;
}
