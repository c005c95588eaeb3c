// The floors of the house: arrows point one way. Each rule forbids what a floor may not import.
const only = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^src/", pathNot: to },
});

export default {
  forbidden: [
    {
      // Types may name each other (a task its step, a step its tasks); code that runs may not go in circles.
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("base-stands-alone", "^src/base/", "^src/base/"),
    only("pickle-on-base", "^src/pickle/", "^src/(base|pickle)/"),
    only("flowspec-on-base", "^src/flowspec/", "^src/(base|flowspec)/"),
    only("client-on-pickle-and-base", "^src/client/", "^src/(base|pickle|client)/"),
    only("protocol-on-base-and-client-types", "^src/protocol/", "^src/(base|client|pickle|protocol)/"),
    {
      name: "protocol-takes-types-only",
      severity: "error",
      from: { path: "^src/protocol/" },
      to: { path: "^src/(client|pickle)/", dependencyTypesNot: ["type-only"] },
    },
    only("webview-on-protocol-and-base", "^src/webview/", "^src/(base|protocol|webview)/"),
    only("worker", "^src/worker/", "^src/(base|pickle|client|protocol|worker)/"),
    only("server", "^src/server/", "^src/(base|client|flowspec|protocol|server)/"),
    only("features", "^src/features/", "^src/(base|pickle|client|flowspec|protocol|features)/"),
    {
      name: "features-do-not-import-each-other",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/[^/]+/", pathNot: "^src/features/$1/" },
    },
    {
      name: "vscode-only-in-the-faces",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(extension\\.ts|features/)" },
      to: { path: "^vscode$" },
    },
    {
      name: "webview-has-no-node",
      severity: "error",
      from: { path: "^src/webview/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "nobody-imports-the-entry",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^src/extension\\.ts$" },
    },
    // Inside the client: the interfaces know no backend, the backends no session, the model no backend.
    {
      name: "interfaces-know-no-backend",
      severity: "error",
      from: { path: "^src/client/(metadata/provider|datastore/store)\\.ts$" },
      to: {
        path: "^src/client/",
        pathNot: "^src/client/(errors|pathspec|io|records|metadata/provider|datastore/store)\\.ts$",
      },
    },
    {
      name: "backends-know-no-session-or-model",
      severity: "error",
      from: { path: "^src/client/(metadata|datastore|logs|package|cards)/" },
      to: { path: "^src/client/(session\\.ts|index\\.ts|model/)" },
    },
    only("status-is-decided-without-reading", "^src/client/status/", "^src/client/status/"),
    {
      name: "model-knows-no-backend",
      severity: "error",
      from: { path: "^src/client/model/" },
      to: { path: "^src/client/(metadata/(local|service)|datastore/(local|s3|azure|gs))(/|\\.ts$)" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
