/** What a table has whose rows have positions alone, and whose columns have one name each. */
export const WITHOUT_LABELS = {
  columnLevels: [""],
  rowLevels: [],
  rowLabels: () => [],
  rowKeys: () => [],
} as const;
