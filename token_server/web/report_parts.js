// The parts of the report above the single replies. They are short: the full report has the
// details. A part that has nothing to say is null; a report of an older worker may lack any.

import { h, words } from "./dom.js";
import { score, skillList } from "./grades.js";
import { toReply } from "./report_reply.js";
import { OUTCOMES, TASKS } from "./wording.js";

/** Return the overall score, the outcome and the skills. */
export function scores({ overall, outcome, skills = {}, ungraded_count: ungraded, exchanges = [] }) {
  const none = exchanges.length
    ? "No reply could be graded."
    : "Nothing was said that could be graded.";
  const replies = ungraded === 1 ? "reply is" : "replies are";
  return h(
    "section",
    { class: "summary panel", "aria-label": "Scores" },
    h(
      "div",
      {},
      h("h2", {}, "Overall"),
      overall ? score(overall) : h("p", { class: "ungraded" }, h("strong", {}, "No score. "), none),
      outcome ? h("p", { class: "outcome" }, OUTCOMES[outcome]) : null,
      ungraded
        ? h("p", { class: "quiet" }, `${ungraded} ${replies} not graded and left out of the averages.`)
        : null,
    ),
    Object.keys(skills).length
      ? h("div", {}, h("h2", {}, "Skills"), skillList(skills))
      : null,
  );
}

/** Return how the talk went, in a few sentences. */
export function inShort(summary) {
  return summary ? h("section", {}, h("h2", {}, "In short"), words(summary)) : null;
}

/** Return a list of sentences under a heading. */
export function points(heading, list = []) {
  if (!list.length) return null;
  const items = list.map((point) => h("li", { dir: "auto" }, point));
  return h("section", {}, h("h2", {}, heading), h("ol", {}, items));
}

/** Return the reply that helped most and the one that hurt most. */
export function moments({ best, worst }) {
  if (!best && !worst) return null;
  return h(
    "section",
    {},
    h("h2", {}, best && worst ? "Two moments" : "One moment"),
    h("div", { class: "pair" }, moment("Helped most", best), moment("Hurt most", worst)),
  );
}

/** Return the tasks of the card and how far each was seen to be done. */
export function tasks(list = []) {
  if (!list.length) return null;
  const done = list.filter(({ status }) => status === "done").length;
  return h(
    "section",
    {},
    h("h2", {}, "The tasks on the card"),
    h(
      "p",
      { class: "quiet" },
      `${done} of ${list.length} done. “Not seen” means that no sign of it was found, not that ` +
        "it failed.",
    ),
    h("ul", { class: "done-tasks" }, list.map(task)),
  );
}

/** Return one line for each checklist and one for the speaking estimate. */
export function estimates({ checklists = [], oet }) {
  const lines = checklists.map((each) => line(each.name, observed(each)));
  if (oet) lines.push(line("Speaking estimate", speaking(oet)));
  if (!lines.length) return null;
  return h(
    "section",
    {},
    h("h2", {}, "Practice estimates"),
    h("ul", {}, lines),
    h(
      "p",
      { class: "quiet" },
      "Found by rule, and no result of any test. The full report says what they rest on.",
    ),
  );
}

function moment(heading, which) {
  if (!which) return null;
  return h(
    "div",
    { class: "panel moment" },
    h("h3", {}, `${heading}: `, toReply(which.exchange)),
    h("blockquote", { dir: "auto" }, which.quote),
    words(which.why),
  );
}

function task({ task: wanted, status, missing = [] }) {
  return h(
    "li",
    {},
    h("span", { class: "badge", "data-status": status }, TASKS[status]),
    h(
      "div",
      {},
      words(wanted),
      missing.length
        ? h("p", { class: "quiet" }, "Not seen: ", h("span", { dir: "auto" }, missing.join("; ")))
        : null,
    ),
  );
}

function line(name, said) {
  return h("li", {}, h("strong", {}, `${name}: `), said);
}

function observed({ items = [], note }) {
  if (!items.length) return note;
  const count = (status) => items.filter((item) => item.status === status).length;
  const skipped = count("no_chance");
  const rest = skipped ? `; no chance for ${skipped}` : "";
  return `${count("observed")} of ${items.length - skipped} steps observed${rest}.`;
}

function speaking({ score: points, band, reason }) {
  return points === null ? reason : `${points} of 500${band ? `, band ${band}` : ""}.`;
}
