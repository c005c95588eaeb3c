/**
 * Every command of the extension. `package.json` contributes exactly these (a unit test holds the two against each other),
 * code refers to them by name only.
 */
export const Command = {
  RefreshView: "metaflow.view.refresh",
  FilterRuns: "metaflow.runs.filter",
  ClearFilter: "metaflow.runs.clearFilter",
  LoadMoreRuns: "metaflow.runs.loadMore",
  AddTags: "metaflow.run.addTags",
  RemoveTags: "metaflow.run.removeTags",
  ReplaceTags: "metaflow.run.replaceTags",
  PickNamespace: "metaflow.namespace.pick",
  StreamLog: "metaflow.log.stream",
  StopLog: "metaflow.log.stop",
  SaveLog: "metaflow.log.save",
  OpenStdout: "metaflow.log.openStdout",
  OpenStderr: "metaflow.log.openStderr",
  OpenCode: "metaflow.code.open",
  DiffCode: "metaflow.code.diff",
  OpenArtifact: "metaflow.artifact.open",
  CopyArtifactJson: "metaflow.artifact.copyJson",
  CopyArtifactSnippet: "metaflow.artifact.copySnippet",
  ExportArtifact: "metaflow.artifact.export",
  CompareArtifacts: "metaflow.artifact.compare",
  CompareArtifactOfRun: "metaflow.artifact.compareOtherRun",
  CopyValue: "metaflow.artifact.copyValue",
  CopyValueJson: "metaflow.artifact.copyValueJson",
  CopyValueSnippet: "metaflow.artifact.copyValueSnippet",
  GoToPathspec: "metaflow.pathspec.goTo",
  CopyPathspec: "metaflow.pathspec.copy",
  RevealPathspec: "metaflow.pathspec.reveal",
  SwitchSession: "metaflow.session.switch",
  SwitchProfile: "metaflow.profile.switch",
  ConnectService: "metaflow.service.connect",
  SetKey: "metaflow.service.setKey",
  ForgetKey: "metaflow.service.forgetKey",
  OpenDatastore: "metaflow.datastore.openFolder",
  ShowExample: "metaflow.datastore.showExample",
  ShowExtensionLog: "metaflow.log.showExtensionLog",
} as const satisfies Record<string, `metaflow.${string}.${string}`>;

/** The id of one of this extension's commands. */
export type CommandId = (typeof Command)[keyof typeof Command];
