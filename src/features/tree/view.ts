/** The id of the sidebar's view in `package.json`. */
export const VIEW = "metaflow.runs";
