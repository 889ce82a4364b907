import { defineConfig } from "vitest/config";

/** Tests that start programs or a browser, or train for long. */
const SLOW = "**/*.slow.test.ts";

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
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [SLOW],
          globalSetup: "test/compile.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: [`test/${SLOW}`],
          exclude: ["test/studio/**"],
          globalSetup: "test/compile.ts",
        },
      },
      {
        extends: true,
        test: { name: "studio", include: [`test/studio/${SLOW}`], globalSetup: "test/studio/builds.ts" },
      },
    ],
  },
});
