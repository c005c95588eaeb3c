import type { Refusal } from "../http.ts";
import { elementText } from "../xml.ts";

/** What an answer of 300 and more says: in JSON or XML, as the API that was asked; of other words none are taken. */
export function readRefusal(status: number, body: string): Refusal {
  return fromJson(body) ?? fromXml(body) ?? { code: String(status), message: "" };
}

function fromXml(body: string): Refusal | undefined {
  const [code, message, details] = ["Code", "Message", "Details"].map((name) =>
    elementText(body, name)?.trim(),
  );
  if (code === undefined) return undefined;
  return { code, message: [message, details].filter((text) => text !== undefined && text !== "").join(" ") };
}

function fromJson(body: string): Refusal | undefined {
  let error: ApiError | undefined;
  try {
    error = (JSON.parse(body) as { readonly error?: ApiError } | null)?.error;
  } catch {
    return undefined;
  }
  if (typeof error?.message !== "string") return undefined;
  const { message, errors } = error;
  // Bucket and object are missing by the same reason; only the words differ.
  if (/^the specified bucket does not exist/i.test(message)) return { code: "bucketNotFound", message };
  const code = errors?.[0]?.reason ?? error.code;
  return { code: typeof code === "string" || typeof code === "number" ? String(code) : "", message };
}

interface ApiError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly { readonly reason?: unknown }[];
}
