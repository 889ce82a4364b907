/** Where a graph runs: ONNX Runtime's execution providers, by their names. */
export const devices = ["cpu", "webgpu", "cuda", "coreml", "dml"] as const;
/** What ONNX Runtime computes on. */
export type Device = (typeof devices)[number];
