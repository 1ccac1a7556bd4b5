// Shows the persona's arousal and trust, in words and on a small scale.

import { bar, fill, h } from "./dom.js";
import { AROUSAL, TRUST } from "./wording.js";

export class Gauges {
  constructor() {
    this.element = h("dl", { class: "gauges" });
    this.element.hidden = true;
  }

  /** Show a state; numbers that are not told (exam) hide the gauges. */
  put({ arousal, trust }) {
    const told = typeof arousal === "number" && typeof trust === "number";
    this.element.hidden = !told;
    if (!told) return;
    fill(this.element, gauge("Arousal", arousal, AROUSAL), gauge("Trust", trust, TRUST));
  }
}

function gauge(name, value, scale) {
  const said = scale[Math.max(0, Math.min(scale.length - 1, Math.round(value)))];
  return h(
    "div",
    { class: `gauge ${name.toLowerCase()}` },
    h("dt", {}, name),
    h("dd", {}, bar(value, 5), h("span", {}, `${said} (${value.toFixed(1)} of 5)`)),
  );
}
