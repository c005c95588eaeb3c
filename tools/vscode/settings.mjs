/** User settings of the VS Code that the demo and the tests run: quiet, offline, and readable by a test. */

/** Names of VS Code's built-in themes by what a person calls them. @type {Readonly<Record<string, string>>} */
export const THEMES = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  contrast: "Default High Contrast",
};

/** A person's demo: no telemetry, no look-ups, no prompts about the workspace that they just asked for. */
export const DEMO_SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
};

/** A test's: terminal text in the DOM, and no editor in a modal that swallows clicks. */
export const TEST_SETTINGS = {
  ...DEMO_SETTINGS,
  "workbench.editor.useModal": "off",
  "terminal.integrated.gpuAcceleration": "off",
  "window.commandCenter": false,
  "editor.accessibilitySupport": "off",
  "workbench.colorTheme": THEMES["dark"],
  "workbench.preferredDarkColorTheme": THEMES["dark"],
  "workbench.preferredLightColorTheme": THEMES["light"],
};
