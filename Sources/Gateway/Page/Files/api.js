// Requests to the gateway that has served this page.

const NAME = "dragoman-key";

/** The API key. It is kept for as long as the tab is open, and goes to the gateway in a header, never in an address. */
export const apiKey = {
  get: () => {
    try {
      return sessionStorage.getItem(NAME) ?? held;
    } catch {
      return held;
    }
  },
  set: (key) => {
    held = key;
    try {
      sessionStorage.setItem(NAME, key);
    } catch {
      // The browser keeps nothing for this page: the key is known until it is loaded again.
    }
  },
};
let held = "";

/** What the gateway has answered in place of what was asked; status 0: it has not answered. */
export class ApiError extends Error {
  constructor(status, code, message, retryAfter = 0) {
    super(message);
    this.status = status;
    this.code = code;
    /** Seconds; 0: the gateway does not say. */
    this.retryAfter = retryAfter;
  }

  /** Whether another key, or one at all, would help. LibreTranslate's interface has no code, and 400 where a key is missing. */
  get wantsKey() {
    if (["key_missing", "key_unknown"].includes(this.code)) return true;
    // Without a key, it is for another reason, such as the name that the gateway was called by.
    if (this.code === "forbidden") return apiKey.get() !== "";
    return this.code === "" && (this.status === 403 || /API key/.test(this.message));
  }

  static async of(response) {
    const retryAfter = Number(response.headers.get("retry-after")) || 0;
    try {
      const { error } = await response.json();
      if (typeof error === "string") return new ApiError(response.status, "", error, retryAfter);
      return new ApiError(response.status, error.code, error.message, retryAfter);
    } catch {
      // What stands before the gateway may answer in its place.
      return new ApiError(response.status, "", `The server answers with status ${response.status}.`, retryAfter);
    }
  }
}

/**
 * - json: what is sent as JSON
 * - form: what is sent as a form
 * - signal: gives the request up; then an AbortError is thrown
 */
export async function request(path, { json, form, signal } = {}) {
  const headers = {};
  if (apiKey.get()) headers["Authorization"] = `Bearer ${apiKey.get()}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? form : JSON.stringify(json);
  let response;
  try {
    response = await fetch(path, { method: body === undefined ? "GET" : "POST", headers, body, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The gateway cannot be reached.");
  }
  if (!response.ok) throw await ApiError.of(response);
  return response;
}

/** Server-sent events, read by fetch: an EventSource could not send the key in a header. */
export async function* events(path, signal) {
  const response = await request(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const event = { name: "message", data: "" };
        for (const line of rest.slice(0, end).split("\n")) {
          if (line.startsWith("event: ")) event.name = line.slice(7);
          if (line.startsWith("data: ")) event.data += line.slice(6);
        }
        rest = rest.slice(end + 2);
        if (event.data) yield event;
      }
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The connection to the gateway is lost.");
  } finally {
    // Also when what reads it has failed: a browser opens few connections to one host.
    reader.cancel().catch(() => {});
  }
}

/** What went wrong, for people. */
export function explain(error) {
  if (!(error instanceof ApiError)) return `This page has failed: ${error.message}`;
  switch (error.status) {
    case 429: return `Too many requests with this key; it may send the next one in ${error.retryAfter || "a few"} s.`;
    case 503: return `The server cannot do this now: ${error.message}.`.replace(/\.\.$/, ".");
    case 504: return "The translation was not ready in time. The server may be busy.";
    default: return error.message;
  }
}
