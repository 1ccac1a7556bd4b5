// Last step: the report, in the page. The same report stands alone at report.html.

import * as api from "./api.js";
import { bar, button, clock, h, words } from "./dom.js";
import { gradedReply, score, skillList } from "./grades.js";
import { poll } from "./poll.js";
import { AROUSAL, KINDS, OUTCOMES, TRUST } from "./wording.js";

/** Return the view of a report. */
export function reportView(report, scenario, { again, choose }) {
  const stopped = new AbortController();
  const alone = h(
    "a",
    { class: "button", href: api.reportPage(report.encounter_id), target: "_blank", hidden: true },
    "Open the full report",
  );
  // The room may bring the report before the server has it; the link appears once it leads there.
  const ready = () => api.report(report.encounter_id).then(() => true).catch(() => undefined);
  poll(ready, { forMs: 60_000, signal: stopped.signal }).then((found) => (alone.hidden = !found));
  return {
    title: "Report",
    leave: () => stopped.abort(),
    element: h(
      "div",
      { class: "report" },
      h("h1", {}, "How it went"),
      h("p", { class: "lead", dir: "auto" }, `${report.title}, ${clock(report.duration_s)} min`),
      report.partial
        ? h("p", { class: "notice" }, "The conversation was cut off, so this report is partial.")
        : null,
      summary(report),
      h(
        "div",
        { class: "pair" },
        points("What worked", report.strengths),
        points("What to try next", report.improvements),
      ),
      h("h2", {}, "Reply by reply"),
      report.exchanges.length
        ? h(
            "ol",
            { class: "exchanges" },
            report.exchanges.map((each) => exchange(each, KINDS[scenario.kind].speaker)),
          )
        : h("p", {}, "You did not say anything, so there is nothing to grade."),
      h("p", { class: "quiet" }, report.note),
      h(
        "p",
        { class: "actions" },
        button("Try again", again, { class: "primary" }),
        alone,
        button("Other scenarios", choose, { class: "plain" }),
      ),
    ),
  };
}

function summary(report) {
  const { ungraded_count: ungraded } = report;
  return h(
    "section",
    { class: "summary panel", "aria-label": "Summary" },
    h(
      "div",
      {},
      h("h2", {}, "Overall"),
      report.overall === null
        ? h("p", { class: "ungraded" }, "No score: no reply could be graded.")
        : score(report.overall),
      report.outcome ? h("p", { class: "outcome" }, OUTCOMES[report.outcome]) : null,
      ungraded
        ? h("p", { class: "quiet" }, `${ungraded} not graded and left out of the averages.`)
        : null,
    ),
    Object.keys(report.skills).length
      ? h("div", {}, h("h2", {}, "Skills"), skillList(report.skills))
      : null,
  );
}

function points(heading, list) {
  if (!list.length) return [];
  return h(
    "section",
    {},
    h("h2", {}, heading),
    h("ul", {}, list.map((point) => h("li", { dir: "auto" }, point))),
  );
}

function exchange(each, speaker) {
  const { arousal, trust } = each.state;
  return h(
    "li",
    { class: "exchange" },
    h(
      "div",
      { class: "exchange-head" },
      h("h3", {}, `Reply ${each.index + 1}`),
      h("span", { class: "quiet" }, `at ${clock(each.started_s)}`),
      h("strong", {}, each.grade.ungraded ? "not graded" : `${each.grade.overall} of 100`),
    ),
    each.persona_text
      ? h("div", {}, h("p", { class: "who" }, speaker), words(each.persona_text))
      : null,
    h("p", { class: "who" }, "You"),
    gradedReply({ exchange: each.index, reply: each.reply_text, grade: each.grade }),
    h(
      "p",
      { class: "quiet moved" },
      "Afterwards: arousal ",
      bar(arousal, 5),
      ` ${level(arousal, AROUSAL)}, trust `,
      bar(trust, 5),
      ` ${level(trust, TRUST)}.`,
    ),
  );
}

function level(value, scale) {
  return `${value.toFixed(1)} (${scale[Math.max(0, Math.min(5, Math.round(value)))]})`;
}
