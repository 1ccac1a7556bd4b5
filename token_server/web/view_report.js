// Last step: the report, in the page. The same report stands alone, and longer, at report.html.

import * as api from "./api.js";
import { button, clock, h } from "./dom.js";
import { poll } from "./poll.js";
import { estimates, inShort, moments, points, scores, tasks } from "./report_parts.js";
import { foldedReply } from "./report_reply.js";
import { KINDS } from "./wording.js";

/** Return the view of a report; `name` is whose progress is linked, empty for everybody's. */
export function reportView(report, scenario, { name, again, choose }) {
  const { encounter_id: id, exchanges = [] } = report;
  const stopped = new AbortController();
  const alone = beside("Open the full report", api.reportPage(id));
  const pdf = beside("Open as PDF", api.reportPdf(id));
  alone.hidden = pdf.hidden = true;
  // The room may bring the report before the server has it; the links appear once they lead there.
  const ready = () => api.report(id).then(() => true).catch(() => undefined);
  poll(ready, { forMs: 60_000, signal: stopped.signal }).then(async (found) => {
    alone.hidden = !found;
    pdf.hidden = !found || !(await api.makesPdf(id));
  });
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
      scores(report),
      inShort(report.summary),
      h(
        "div",
        { class: "pair" },
        points("What worked", report.strengths),
        points("What to try next", report.improvements),
      ),
      moments(report),
      tasks(report.tasks),
      estimates(report),
      replies(exchanges, KINDS[scenario.kind].speaker),
      h("p", { class: "quiet" }, report.note),
      h(
        "p",
        { class: "actions" },
        button("Try again", again, { class: "primary" }),
        alone,
        pdf,
        beside("Your progress", api.progressPage(name)),
        button("Other scenarios", choose, { class: "plain" }),
      ),
    ),
  };
}

/** Return a link that leaves this page open: it has no address to come back to. */
function beside(label, href) {
  const where = h("span", { class: "unseen" }, " (new tab)");
  return h("a", { class: "button", href, target: "_blank" }, label, where);
}

function replies(exchanges, speaker) {
  const open = exchanges.length === 1;
  return h(
    "section",
    {},
    h("h2", {}, "Reply by reply"),
    exchanges.length
      ? exchanges.map((each) => foldedReply(each, { speaker, open }))
      : h("p", {}, "You did not say anything, so there is nothing to grade."),
  );
}
