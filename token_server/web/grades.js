// What a reply was worth, while talking and in the report. A reply without a grade says why and
// shows no number: it is not a zero.

import { bar, fill, h, words } from "./dom.js";
import { isIn, markedReply } from "./quotes.js";
import { SKILLS } from "./wording.js";

/** Return skills as a list of names, bars and numbers, in the protocol's order. */
export function skillList(skills) {
  const known = Object.keys(SKILLS).filter((skill) => skill in skills);
  return h(
    "ul",
    { class: "skills" },
    known.map((skill) =>
      h(
        "li",
        {},
        h("span", { class: "skill-name" }, SKILLS[skill]),
        bar(skills[skill], 100),
        h("span", { class: "number" }, String(skills[skill])),
      ),
    ),
  );
}

/** Return a score out of 100, large. */
export function score(value) {
  return h(
    "p",
    { class: "score" },
    h("span", { class: "score-value" }, String(value)),
    h("span", { class: "score-of" }, " of 100"),
  );
}

/** Return a reply with the words marked that its grade rests on, and what explains the grade or
 * its absence. */
export function gradedReply({ exchange, reply, grade }) {
  if (grade.ungraded) {
    return [
      markedReply(reply, []),
      h("p", { class: "ungraded" }, h("strong", {}, "Not graded: "), grade.ungraded.message),
    ];
  }
  const evidence = grade.evidence ?? [];
  const quotes = evidence.filter((each) => each.exchange === exchange).map((e) => e.quote);
  const elsewhere = quotes.filter((quote) => !isIn(reply, quote));
  return [
    markedReply(reply, quotes),
    words(grade.rationale, { class: "why" }),
    ...elsewhere.map((quote) => h("blockquote", { dir: "auto" }, quote)),
    h("p", { class: "advice", dir: "auto" }, h("strong", {}, "Next time: "), grade.advice),
    better(grade),
    Object.keys(grade.skills).length ? skillList(grade.skills) : null,
  ].filter(Boolean);
}

function better({ better: said, advice }) {
  if (!said || advice.includes(said)) return null;
  const label = h("strong", {}, "A better way to say it: ");
  return h("p", { class: "advice" }, label, h("q", { dir: "auto" }, said));
}

/** The feedback panel: the newest reply open, earlier ones folded. */
export class Grades {
  constructor() {
    this.byExchange = new Map();
    this.element = h("div", { class: "grades" }, h("p", { class: "quiet" }, this._waiting()));
  }

  /** Take in a grade; a later one of the same exchange replaces the earlier. */
  put(message) {
    this.byExchange.set(message.exchange, message);
    const newestFirst = [...this.byExchange.values()].sort((a, b) => b.exchange - a.exchange);
    fill(this.element, newestFirst.map((each, n) => this._entry(each, n === 0)));
  }

  _entry({ exchange, reply_text, grade }, newest) {
    const result = grade.ungraded ? "not graded" : `${grade.overall} of 100`;
    return h(
      "details",
      { class: "grade", open: newest, "data-exchange": exchange },
      h("summary", {}, h("span", {}, `Reply ${exchange + 1}`), h("strong", {}, result)),
      gradedReply({ exchange, reply: reply_text, grade }),
    );
  }

  _waiting() {
    return "After each of your replies, what worked and what to try appears here.";
  }
}
