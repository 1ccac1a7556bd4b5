// Talks to the token server. Every failure becomes an `ApiError` whose message can be shown.

export class ApiError extends Error {
  constructor(code, message, { status = 0, body = {}, retryAfter = null } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

async function call(method, path, body) {
  const request = { method, headers: { Accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new ApiError(
      "unreachable",
      "The server does not answer. Check that it is running and that you are online.",
    );
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new ApiError(
    answer.code ?? `http_${response.status}`,
    answer.message ?? `The server answered with error ${response.status}.`,
    { status: response.status, body: answer, retryAfter: response.headers.get("Retry-After") },
  );
}

const at = (id, rest = "") => `/api/encounters/${encodeURIComponent(id)}${rest}`;

/** Return the public part of every scenario. */
export async function scenarios() {
  const answer = await call("GET", "/api/scenarios");
  return Array.isArray(answer) ? answer : answer.scenarios;
}

/** Make a room, call a persona to it and return the way in. */
export function createEncounter({ scenarioId, name, mode }) {
  const body = { scenario_id: scenarioId, mode };
  if (name) body.trainee_name = name;
  return call("POST", "/api/encounters", body);
}

/** Return how an encounter stands. */
export const encounterStatus = (id) => call("GET", at(id));

/** Return the finished report; an `ApiError` with status 404 while there is none. */
export const report = (id) => call("GET", at(id, "/report.json"));

/** Return the address of the report as a page that stands alone. */
export const reportPage = (id) => at(id, "/report.html");

/** Return the address of the report as a PDF; not every server can make one. */
export const reportPdf = (id) => at(id, "/report.pdf");

/** Tell whether the server would answer with a PDF; it makes none for this. */
export const makesPdf = (id) =>
  fetch(reportPdf(id), { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok, () => false);

/** Return the address of the progress over encounters; without a name: of everybody. */
export const progressPage = (name) =>
  name ? `/progress?${new URLSearchParams({ trainee_name: name })}` : "/progress";
