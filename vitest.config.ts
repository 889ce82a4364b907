import { defineConfig } from "vitest/config";

export default defineConfig({
  // ONNX Runtime computes with every core: test files run one after another.
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/compile.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Some tests use ONNX Runtime directly.
    env: { ORT_DISABLE_TELEMETRY: "1" },
  },
});
