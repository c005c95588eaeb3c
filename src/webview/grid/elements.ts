/** An element of a class, with a role where it has one. */
export function made(className: string, role?: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  if (role !== undefined) element.setAttribute("role", role);
  return element;
}
