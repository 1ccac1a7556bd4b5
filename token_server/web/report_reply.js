// One reply in the report, folded until somebody wants to read it.

import { bar, clock, h, words } from "./dom.js";
import { gradedReply } from "./grades.js";
import { AROUSAL, TRUST } from "./wording.js";

const idOf = (index) => `reply-${index + 1}`;

/** Return a link that unfolds a reply and goes there. */
export function toReply(index) {
  const unfold = () => document.getElementById(idOf(index))?.parentElement.setAttribute("open", "");
  return h("a", { href: `#${idOf(index)}`, on: { click: unfold } }, `reply ${index + 1}`);
}

/** Return a reply with the line before it, its grade and where it left the persona. */
export function foldedReply(each, { speaker, open }) {
  const { arousal, trust } = each.state;
  return h(
    "details",
    { class: "exchange", open },
    h(
      "summary",
      { id: idOf(each.index) },
      h("h3", {}, `Reply ${each.index + 1}`),
      // For the eye, which looks for a reply by its words; who listens gets them unfolded.
      h("span", { class: "glimpse", dir: "auto", "aria-hidden": "true" }, each.reply_text),
      h("strong", {}, each.grade.ungraded ? "not graded" : `${each.grade.overall} of 100`),
    ),
    each.persona_text
      ? h("div", {}, h("p", { class: "who" }, speaker), words(each.persona_text))
      : null,
    h("p", { class: "who" }, `You, at ${clock(each.started_s)}`),
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
