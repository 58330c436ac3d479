/** A module with one instruction on vectors of 128 bits. */
const PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Whether the engine can start the module that searches several counters at a time. */
export const hasVectors = () => WebAssembly.validate(PROBE);
