/** @file Loading a model, and the loaded model as a whole: its blocks and how active they are. */
import type { NetworkBlock } from '../network/blocks';
import type { ModelConfig } from '../network/config';
import type { DocumentRef } from './documents';
import type { DocumentChunk } from './inspection';

/** What is known of a loaded model. */
export interface ModelSummary {
  readonly folder: string;
  /** The folder's last path segment. */
  readonly name: string;
  /** First 12 hex digits of the SHA-256 of `model.safetensors`: names the checkpoint in every figure. */
  readonly checkpoint: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  /** Steps trained so far, or null where the folder does not say. */
  readonly steps: number | null;
  /** τ of each bit. */
  readonly temperatures: Float32Array;
  /** M as the head computes it (1 for `dense`). */
  readonly votersPerBit: number;
  /** The device it runs on; not the one asked for where `notice` says why. */
  readonly device: string;
  /** One sentence for the user where something is not as asked, such as a device that is missing. */
  readonly notice?: string;
}

export interface LoadParams {
  readonly folder: string;
  /** Where statistics, names and notes of voters are kept; the model's folder unless given (a read-only one, say). */
  readonly findings?: string;
  /** 'cpu' unless the user chose otherwise. */
  readonly device: string;
  /** Threads of one run; 0 lets the process choose. */
  readonly threads: number;
}

/** One block of the network as the overview draws it. */
export interface BlockSummary extends NetworkBlock {
  /** Positions of its output in a window of T chunks. */
  readonly positions: number;
  /** For one window of T chunks; null where it cannot be measured block by block. */
  readonly milliseconds: number | null;
}

/** The loaded model as a whole. */
export interface ModelOverview {
  readonly checkpoint: string;
  /** T, chunks in the window that was timed. */
  readonly context: number;
  /** In the order of computation. */
  readonly blocks: readonly BlockSummary[];
  /** Runs of which the times are the medians. */
  readonly timedRuns: number;
  readonly device: string;
  /** 0: ONNX Runtime's choice. */
  readonly threads: number;
  /** Text of `card.md`; null where the folder has none. */
  readonly card: string | null;
}

export interface ActivityParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is looked at. */
  readonly offset: number;
}

/** What the router of a dendritic block chose at one position. */
export interface BlockGates {
  /** Id of the block. */
  readonly block: string;
  /** [K] the share of each dendrite; 0 where it is not one of the k that are active. */
  readonly gates: Float32Array;
}

/** How active the blocks are where one chunk is predicted. */
export interface ModelActivity extends Omit<DocumentChunk, 'length'> {
  readonly checkpoint: string;
  /** One a block, in the overview's order: root mean square over its channels at the chunk's position. */
  readonly rms: Float32Array;
  /** Of dendritic blocks; empty where there are none. */
  readonly gates: readonly BlockGates[];
}

/** One ONNX file, or a folder with safetensors of a type. */
export type ModelExportFormat = 'onnx' | 'float32' | 'float16';

export interface ExportModelParams {
  readonly format: ModelExportFormat;
  /** The file, or the folder, which must not hold anything yet. */
  readonly place: string;
}

export interface ExportedModel {
  readonly checkpoint: string;
  /** Of all that was written. */
  readonly bytes: number;
}
