/** The Metaflow client: Python's `metaflow.client` for JavaScript. Starts no Python and executes nothing that it reads. */
export { openMetaflow, type MetaflowOptions } from "./open.ts";
export {
  defaultMetadata,
  defaultNamespace,
  defaultSession,
  getMetadata,
  getNamespace,
  metadata,
  namespace,
} from "./default.ts";
export * from "./errors.ts";
export {
  MetaflowConfig,
  findUpwards,
  type ConfigLayer,
  type ConfigSource,
  type Environment,
} from "./config.ts";
export type { CredentialSource, KeyQuestion } from "./credentials.ts";
export type { MetadataType } from "./providers.ts";
export { listProfiles, type Profile, type ProfilePlaces, type ProfileSearch } from "./profiles.ts";
export {
  isValidComponent,
  kindOf,
  parsePathspec,
  KINDS,
  type Kind,
  type PathComponents,
} from "./pathspec.ts";
export { MAX_TAG_LENGTH, MAX_USER_TAGS, planTagEdit, validateTag, type TagPlan } from "./tags.ts";
export type { RunStatus } from "./status/run.ts";
export type { State, Status, StepStatus, TaskStatus } from "./status/state.ts";
export type { RunStatusCode, StatusCode, StepStatusCode, TaskStatusCode } from "./status/code.ts";
export type { ChildQuery, TagEdit } from "./metadata/provider.ts";
export type { Blob } from "./blobs.ts";
export type { AnyObject } from "./model/context.ts";
export { DataArtifact, MetaflowData } from "./model/artifact.ts";
export type { TaskAttempt } from "./model/attempts.ts";
export { Card, type CardInfo, type CardWatchOptions } from "./model/card.ts";
export type { CardQuery } from "./model/cards.ts";
export type { Change, Changes } from "./model/changes.ts";
export type {
  ArtifactDifference,
  Compared,
  Difference,
  RunComparison,
  StepDurations,
  TaskDifference,
} from "./model/compare.ts";
export { BadPackage, type ArchiveEntry } from "./package/archive.ts";
export type { CodeMember, PackageInfo } from "./package/codepackage.ts";
export { MetaflowCode } from "./model/code.ts";
export type { ArtifactInfo } from "./model/dataFile.ts";
export type { Failure } from "./model/failure.ts";
export { Flow, type RunPageQuery } from "./model/flow.ts";
export type { FollowOptions } from "./model/follow.ts";
export type { ForeachFrame } from "./model/foreach.ts";
export type { Graph, GraphDecorator, GraphStep } from "./model/graph.ts";
export type { MergedLine } from "./model/mergedLog.ts";
export { Metaflow, type AttemptOptions } from "./model/metaflow.ts";
export type { Metadata } from "./model/metadata.ts";
export { MetaflowObject, type Page } from "./model/object.ts";
export type { PageQuery, WithStatus } from "./model/page.ts";
export { ParentObject } from "./model/parent.ts";
export { Run, type Tags } from "./model/run.ts";
export type { SeenTags } from "./model/seen.ts";
export { Step, type TaskWithStatus } from "./model/step.ts";
export { Task, type TaskException } from "./model/task.ts";
export { Trigger, type MetaflowEvent } from "./model/trigger.ts";
export type { CardData } from "./cards/data.ts";
export type { CardUpdate } from "./cards/reload.ts";
export type { LogLine } from "./logs/display.ts";
export type { MergedLog, TimedLine } from "./logs/mflog.ts";
export type { LogStream, LogTail, TaskLog } from "./logs/tasklog.ts";
export type { IoOptions } from "../base/io.ts";
export * from "../pickle/index.ts";
