/** The direction of imports between the rooms of src/ (docs/architecture.md). Each room lists what it may import. */
const rooms = {
  base: [],
  config: ["base", "diffusion"],
  sketch: ["base"],
  data: ["base", "sketch", "files"],
  files: ["base"],
  graph: ["base"],
  runtime: ["base", "graph"],
  nn: ["base", "graph"],
  models: ["base", "graph", "nn"],
  diffusion: ["base", "graph", "nn", "models"],
  sampling: ["base", "config", "sketch", "files", "graph", "runtime", "nn", "models", "diffusion"],
  training: ["base", "config", "sketch", "data", "files", "graph", "runtime", "nn", "models", "diffusion", "sampling"],
  metrics: ["base", "sketch", "files", "graph", "runtime", "nn", "models"],
  render: ["base", "sketch"],
  cli: [
    "base",
    "sketch",
    "data",
    "files",
    "graph",
    "runtime",
    "nn",
    "models",
    "diffusion",
    "training",
    "metrics",
    "render",
  ],
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
