// The conversation in writing. Captions change while someone speaks, so they are not announced;
// each finished line is handed on once, for those who listen to the page.

import { fill, h } from "./dom.js";

export class Transcript {
  /** `speaker` names the persona; `onFinished` gets each finished line once. */
  constructor(speaker, onFinished) {
    this.speaker = speaker;
    this.onFinished = onFinished;
    this.lines = new Map();
    this.empty = h("p", { class: "quiet" }, "What is said appears here.");
    this.list = h("ol", { class: "lines" });
    // A region that scrolls must be reachable by keyboard.
    this.element = h(
      "div",
      { class: "transcript", tabindex: "0", role: "region", "aria-label": "Transcript" },
      this.empty,
      this.list,
    );
  }

  /** Show a line; the same id again replaces its words. */
  put({ id, speaker, text, final }) {
    this.empty.remove();
    const line = this.lines.get(id) ?? this._open(id, speaker);
    if (line.final) return;
    const atEnd = this._isAtEnd();
    fill(line.words, text);
    line.final = final;
    line.element.classList.toggle("provisional", !final);
    if (atEnd) this.element.scrollTop = this.element.scrollHeight;
    if (final) this.onFinished({ speaker, name: this._name(speaker), text });
  }

  _open(id, speaker) {
    const words = h("p", { class: "said", dir: "auto" });
    const again = this.list.lastElementChild?.dataset.speaker === speaker ? " again" : "";
    const name = h("span", { class: "who" }, this._name(speaker));
    const element = h(
      "li",
      { class: `line ${speaker}${again}`, "data-speaker": speaker },
      name,
      words,
    );
    this.list.append(element);
    const line = { element, words, final: false };
    this.lines.set(id, line);
    return line;
  }

  _name(speaker) {
    return speaker === "trainee" ? "You" : this.speaker;
  }

  _isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < 80;
  }
}
