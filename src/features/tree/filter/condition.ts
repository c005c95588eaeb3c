const SYNTAX = /^([A-Za-z_][\w-]*)(>=|<=|!=|=|>|<)(.*)$/s;
const NUMBER = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^-?\d+$/;

type Operator = ">=" | "<=" | "!=" | "=" | ">" | "<";

/** What is asked of one parameter of a run: `lr>0.1`. */
export interface Condition {
  readonly name: string;
  readonly operator: Operator;
  readonly operand: string;
}

/** A parameter's value: numbers as numbers, everything else as Python would print it. */
export type ParameterValue = string | number | bigint;

/** Reads `lr>0.1`; `undefined` for what is no condition. Its operand may be empty. */
export function parseCondition(text: string): Condition | undefined {
  const [, name, operator, operand] = SYNTAX.exec(text) ?? [];
  if (name === undefined || !isOperator(operator) || operand === undefined) return undefined;
  return { name, operator, operand };
}

/** Whether a value is as it is asked for. Numbers are compared as numbers, text as text in any case; a number is never equal to a text. */
export function holds({ operator, operand }: Condition, value: ParameterValue): boolean {
  const order = compare(value, operand);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">":
      return order !== undefined && order > 0;
    case ">=":
      return order !== undefined && order >= 0;
    case "<":
      return order !== undefined && order < 0;
    case "<=":
      return order !== undefined && order <= 0;
  }
}

/** Below, at or above zero as the value is below, at or above the operand; `undefined` where the two cannot be compared. */
function compare(value: ParameterValue, operand: string): number | undefined {
  if (typeof value === "string") return order(value.toLowerCase(), operand.toLowerCase());
  if (!NUMBER.test(operand)) return undefined;
  const digits = operand.replaceAll("_", "");
  return order(value, INTEGER.test(digits) ? BigInt(digits) : Number(digits));
}

/** JavaScript's own order of a bigint and a number is exact; only NaN is neither below, above nor equal. */
function order(a: ParameterValue, b: ParameterValue): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  return a >= b ? 0 : undefined;
}

function isOperator(text: string | undefined): text is Operator {
  return text !== undefined && /^([<>]=?|!?=)$/.test(text);
}
