import type { ComponentType } from "preact";
import type { ArtifactWord } from "../../protocol/artifactWords.ts";
import type { Subject, ViewId } from "./subject.ts";
import type { Viewer } from "./viewer.ts";

/** What a view is given. */
export interface ViewProps {
  readonly viewer: Viewer;
  readonly subject: Subject;
  /** What the artifact is called. */
  readonly name: string;
}

/** A way to look at a value. Which values it suits, `subject.ts` says. */
export interface View {
  readonly word: ArtifactWord;
  readonly icon: string;
  /** Its code, loaded when it is first needed. */
  readonly load: () => Promise<ComponentType<ViewProps>>;
}

/** The ways to look at a value. */
export const VIEWS: Readonly<Record<ViewId, View>> = {
  grid: { word: "viewGrid", icon: "table", load: async () => (await import("./views/grid.tsx")).GridView },
  statistics: {
    word: "viewStatistics",
    icon: "graph",
    load: async () => (await import("./views/statistics.tsx")).StatisticsView,
  },
  tree: {
    word: "viewTree",
    icon: "list-tree",
    load: async () => (await import("./views/tree.tsx")).ValueTree,
  },
  page: { word: "viewPage", icon: "preview", load: async () => (await import("./views/page.tsx")).PageView },
  text: {
    word: "viewText",
    icon: "symbol-string",
    load: async () => (await import("./views/text.tsx")).TextView,
  },
  image: {
    word: "viewImage",
    icon: "file-media",
    load: async () => (await import("./views/image.tsx")).ImageView,
  },
  heatmap: {
    word: "viewHeatmap",
    icon: "symbol-color",
    load: async () => (await import("./views/heatmap.tsx")).HeatmapView,
  },
  plot: {
    word: "viewPlot",
    icon: "graph-line",
    load: async () => (await import("./views/plot.tsx")).PlotView,
  },
  raw: { word: "viewRaw", icon: "file-binary", load: async () => (await import("./views/raw.tsx")).RawView },
};
