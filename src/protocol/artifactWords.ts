/**
 * Every text of the artifact view, in English. The host translates them and hands them to the page, which has no access to the
 * editor's translations. `{0}` is filled in by the view.
 */
export const ARTIFACT_WORDS = {
  reading: "Reading {0}…",
  decodedPercent: "decoded {0} %",
  decodedBytes: "decoded {0}",
  sha: "SHA",
  attempt: "attempt",
  created: "created",
  copy: "Copy",
  copyJson: "Value as JSON",
  copyTypedJson: "Value as Typed JSON",
  copyTypedJsonHint: "lossless, with Python's types",
  copySnippet: "Python Snippet",
  copyPathspec: "Pathspec",
  copySha: "SHA",
  copyValue: "Value as Text",
  revealInSidebar: "Reveal in Sidebar",
  tree: "Value of {0}",
  item: "1 item",
  items: "{0} items",
  entry: "1 entry",
  entries: "{0} entries",
  character: "1 character",
  characters: "{0} characters",
  byte: "1 byte",
  bytes: "{0} bytes",
  showMore: "Show {0} more",
  notShown: "{0} to {1} not shown",
  goToPosition: "Go to Position…",
  loading: "Loading…",
  tryAgain: "Try Again",
  showLog: "Show Log",
  cyclic: "loops back to {0}",
  sameAs: "same object as {0}",
  theValue: "the value itself",
  showWhole: "Show Whole",
  wholeText: "Whole text of {0}",
  wholeBytes: "Bytes of {0}",
  close: "Close",
  showMoreText: "Show More ({0} of {1})",
  showMoreOfUnknown: "Show More ({0} so far)",
  cannotShow: "{0} cannot be shown",
  partial: "Only a part of the value could be read",
  readFrom: "Read from",
  because: "Cause",
  whatToDo: "What to do",
  adviceMissing:
    "The datastore may have been cleaned up or moved. Run the flow again to make the artifact anew.",
  adviceDenied: "Check that you may read this place, then try again.",
  adviceDamaged: "The stored bytes are damaged. Another attempt or run may have an undamaged copy.",
  adviceUnknown: "Try again; the log has the details.",
  adviceEncoding: "It was written in a way that this version cannot read. Python's client may read it.",
  adviceLimit: "The value is larger than what is kept in memory at once.",
  adviceNotFound: "Refresh the sidebar to see what is there now.",
  adviceOtherDatastore:
    "Open that datastore again, or close this editor and open the artifact of this one from the sidebar.",
  adviceLost: "Try again; other artifacts are not affected.",
} as const;

/** The name of a text. */
export type ArtifactWord = keyof typeof ARTIFACT_WORDS;
/** The texts in one language. */
export type ArtifactWords = Readonly<Record<ArtifactWord, string>>;
