/** The specs beside this file, gathered by the bundler (tools/host.mjs). */
declare module "virtual:specs" {
  export const specs: Readonly<Record<string, () => Promise<unknown>>>;
}
