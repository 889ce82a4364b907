/** The direction of imports between the rooms of src/ (docs/architecture.md). Each room lists what it may import. */
const rooms = {
  base: [],
  sketch: ["base"],
  graph: ["base"],
  nn: ["base", "graph"],
  models: ["base", "graph", "nn"],
  diffusion: ["base", "graph", "models"],
  config: ["base", "models", "diffusion"],
  weights: ["base", "graph", "nn"],
  files: ["base"],
  data: ["base", "sketch", "files"],
  runtime: ["base", "graph"],
  sampling: ["base", "config", "sketch", "graph", "nn", "models", "diffusion", "weights", "runtime"],
  node: ["base", "files", "weights", "runtime", "sampling"],
  web: ["base", "config", "sketch", "data", "diffusion", "runtime", "sampling", "render"],
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
    "weights",
    "runtime",
    "sampling",
    "node",
  ],
  metrics: ["base", "config", "sketch", "files", "graph", "nn", "models", "weights", "runtime", "node"],
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
    "node",
    "training",
    "metrics",
  ],
  cli: [".*"],
};
const browserRooms = [
  "base",
  "sketch",
  "graph",
  "nn",
  "models",
  "diffusion",
  "config",
  "weights",
  "sampling",
  "web",
];
/** Of rooms that are half for Node. */
const browserFiles = [
  "runtime/(runtime|session|web)",
  "data/(catalogue|other-names)",
  "render/(gif|grid|markup|options|path|pen|replay|svg|text|theme)",
];
const browser = `^src/((${browserRooms.join("|")})/|(${browserFiles.join("|")})\\.)`;

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
      comment: "What runs in a browser as it is imports nothing else.",
      severity: "error",
      from: { path: browser },
      to: { path: "^src/|node_modules/(onnxruntime-node|@resvg|linkedom)", pathNot: browser },
    },
    {
      name: "runs-in-a-browser-without-node",
      severity: "error",
      from: { path: browser },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
