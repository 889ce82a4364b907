/** The direction of imports between the rooms of src/ (docs/architecture.md). Each room lists what it may import. */
const rooms = {
  base: [],
  sketch: ["base"],
  graph: ["base"],
  nn: ["base", "graph"],
  diffusion: ["base", "graph"],
  weights: ["base", "graph", "nn"],
  files: ["base"],
  data: ["base", "sketch", "files"],
  runtime: ["base", "graph"],
  training: ["base", "files", "graph", "nn", "weights", "runtime"],
  classifier: ["base", "sketch", "graph", "nn", "training"],
  families: ["base", "sketch", "graph", "nn", "diffusion", "weights", "runtime", "training"],
  node: ["base", "files", "weights", "runtime", "families"],
  web: ["base", "sketch", "data", "diffusion", "runtime", "families", "render"],
  metrics: ["base", "sketch", "files", "graph", "nn", "weights", "runtime", "classifier", "node"],
  render: ["base", "sketch"],
  report: ["base", "sketch", "files", "metrics", "render"],
  workflows: [
    "base",
    "sketch",
    "files",
    "data",
    "diffusion",
    "runtime",
    "training",
    "families",
    "node",
    "metrics",
    "render",
    "report",
  ],
  bench: [
    "base",
    "sketch",
    "files",
    "data",
    "graph",
    "nn",
    "runtime",
    "training",
    "families",
    "node",
    "metrics",
    "render",
  ],
  cli: [".*"],
};
const browserRooms = ["base", "sketch", "graph", "nn", "diffusion", "weights", "families", "web"];
/** Of rooms that are half for Node. */
const browserFiles = [
  "runtime/(runtime|session|web)",
  "data/(catalogue|other-names)",
  "training/(optimisation|origin|stage|task)",
  "render/(animation|gif|grid|markup|options|path|pen|replay|svg|text|theme)",
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
      name: "a-family-is-one-folder",
      comment: "A family imports the seam and what it shares with its like, never another family.",
      severity: "error",
      from: { path: "^src/families/([^/]+)/" },
      to: { path: "^src/families/[^/]+/", pathNot: "^src/families/($1|denoiser|autoencoder|sketchrnn)/" },
    },
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
