/** As Python counts: from 0, negative from the end. Digits may be grouped. */
export function positionOf(text: string, childCount: number): number | undefined {
  const plain = text.trim().replace(/(?<=\d)[,._ ](?=\d)/g, "");
  if (!/^-?\d{1,15}$/.test(plain)) return undefined;
  const number = Number(plain);
  const position = number < 0 ? childCount + number : number;
  return position >= 0 && position < childCount ? position : undefined;
}
