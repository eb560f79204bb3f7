/** @file A chunk, what the model predicts at a time (SPEC section 1): 4 bytes, 32 bits. */

export const CHUNK_BYTES = 4;
export const CHUNK_BITS = 32;
