/** @file Devices and presets tried out on this machine, each in a process of its own: what is asked, and what was measured. */

/** One trial. It travels as JSON on the command line of its process. */
export type Trial =
  | { readonly kind: 'device'; readonly device: string; readonly threads: number }
  | { readonly kind: 'preset'; readonly preset: string; readonly device: string; readonly threads: number }
  | { readonly kind: 'product'; readonly device: string; readonly threads: number };

/** Medians, in milliseconds. */
export interface Speed {
  /** One window of T chunks scored, as a hover needs it. */
  readonly forwardMilliseconds: number;
  /** One training step. */
  readonly stepMilliseconds: number;
}

export interface DeviceMeasurement {
  /** Of a model that is small enough for any device. */
  readonly small: Speed;
  /** Of a model of the default size; null where that was too slow to wait for. */
  readonly large: Speed | null;
  /**
   * Largest relative difference from the CPU in probabilities, log-likelihoods, and losses, gradient norms and weights of a few
   * training steps of the small model.
   */
  readonly difference: number;
  /** Whether `difference` is small enough for the device to be trusted. */
  readonly agrees: boolean;
}

/** A device as it was found. */
export type DeviceReport =
  | ({ readonly name: string; readonly available: true } & DeviceMeasurement)
  | { readonly name: string; readonly available: false; readonly reason: string };

/** The reference product as it was timed. */
export interface ProductTime {
  /** Median, in milliseconds. */
  readonly productMilliseconds: number;
}

/** What training a preset costs on this machine. Its time is relative, so that those of presets measured under different loads can be compared. */
export interface PresetEstimate extends ProductTime {
  /** Median of a few steps, in reference products of the same trial. */
  readonly stepProducts: number;
  /** Most memory that the process held, its program and ONNX Runtime included; text is not. */
  readonly memoryBytes: number;
}
