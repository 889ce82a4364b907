/** The direction of imports between the rooms of src/ (docs/architecture.md). Each room lists what it may import. */
const rooms = {
  base: [],
  sketch: ["base"],
  graph: ["base"],
  nn: ["base", "graph"],
  models: ["base", "graph", "nn"],
  diffusion: ["base", "graph", "models"],
  config: ["base", "diffusion"],
  files: ["base"],
  data: ["base", "sketch", "files"],
  runtime: ["base", "graph"],
  sampling: ["base", "config", "sketch", "files", "graph", "nn", "models", "diffusion", "runtime"],
  training: [
    "base",
    "config",
    "sketch",
    "files",
    "data",
    "graph",
    "nn",
    "models",
    "diffusion",
    "runtime",
    "sampling",
  ],
  metrics: ["base", "config", "sketch", "files", "graph", "nn", "models", "runtime", "sampling"],
  render: ["base", "sketch"],
  report: ["base", "sketch", "files", "metrics", "render"],
  bench: [
    "base",
    "config",
    "sketch",
    "data",
    "graph",
    "nn",
    "models",
    "runtime",
    "sampling",
    "training",
    "metrics",
  ],
  cli: [".*"],
};
const browserRooms = ["base", "sketch", "graph", "nn", "models", "diffusion"];

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports-only-below`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
    })),
    {
      name: "runs-in-a-browser",
      comment: "These rooms run in a browser as they are.",
      severity: "error",
      from: { path: `^src/(${browserRooms.join("|")})/` },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
