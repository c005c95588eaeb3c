/** Milliseconds that this process has worked since it began: what other suites take of the cores is not in them. */
export function workMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
