import { defineConfig } from "vitest/config";

/** Tests that take long: they start programs or a browser, or train to an end. */
const SLOW = "**/*.slow.test.ts";

export default defineConfig({
  test: {
    // ONNX Runtime computes with every core, but most of a test waits: for a browser, a process, a single thread.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
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
