import { defineConfig } from "vitest/config";

export default defineConfig({
  // ONNX Runtime computes with every core: test files run one after another.
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Some tests use ONNX Runtime directly.
    env: { ORT_DISABLE_TELEMETRY: "1" },
    projects: [
      {
        extends: true,
        test: {
          name: "library",
          include: ["test/**/*.test.ts"],
          exclude: ["test/studio/**"],
          globalSetup: "test/compile.ts",
        },
      },
      {
        extends: true,
        test: { name: "studio", include: ["test/studio/**/*.test.ts"], globalSetup: "test/studio/builds.ts" },
      },
    ],
  },
});
