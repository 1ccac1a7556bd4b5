// Fourth step as elements: shows what `talk.js` tells it and reports what was pressed.

import { button, clock, fill, h } from "./dom.js";
import { Gauges } from "./gauge.js";
import { Grades } from "./grades.js";
import { Meter } from "./meter.js";
import { Transcript } from "./transcript.js";
import { taskList } from "./view_card.js";
import { KINDS } from "./wording.js";

const CONNECTION = {
  connecting: "Connecting …",
  connected: "Connected",
  reconnecting: "Connection lost. Reconnecting …",
  signalReconnecting: "Connection unsteady. Reconnecting …",
  disconnected: "Not connected",
};

export class TalkView {
  constructor({ scenario, mode, hasMicrophone, onLine, on }) {
    const { card, kind } = scenario;
    this.card = card;
    this.title = card.title;
    this.transcript = new Transcript(KINDS[kind].speaker, onLine);
    this.grades = new Grades();
    this.gauges = new Gauges();
    this.myMeter = new Meter("Your voice");
    this.state = h("p", { class: "state", role: "status", "data-state": "waiting" });
    this.link = h("p", { class: "link" }, CONNECTION.connecting);
    this.time = h("p", { class: "time number", role: "timer" });
    this.notices = h("div", { role: "alert" });
    this.muteButton = button("Mute", on.mute, { "aria-pressed": "false" });
    this.muteButton.hidden = this.myMeter.element.hidden = !hasMicrophone;
    this.endButton = button("End", () => this.confirm.showModal(), { class: "primary end" });
    this.endButton.disabled = true;
    this.confirm = confirmation(on.end);
    this.form = typing(on.type);
    // Read by tests and by support: how loud the persona's voice is played, RMS 0 to 1.
    this.element = h("div", { class: "talk", "data-output-level": "0", "data-output-peak": "0" });
    this.theirMeter = new Meter("Their voice", {
      onLevel: (rms) => this._heard(rms),
    });
    this.theirMeter.element.hidden = true;
    const exam = h("p", { class: "quiet" }, "Exam: feedback comes with the report.");
    this.element.append(
      h("h1", { dir: "auto" }, card.title),
      h("div", { class: "status panel" }, this.state, this.theirMeter.element, this.link, this.time),
      this.notices,
      h(
        "section",
        { class: "conversation", "aria-labelledby": "said" },
        h("h2", { id: "said" }, "Conversation"),
        this.transcript.element,
        this.form,
      ),
      h(
        "aside",
        { class: "feedback", "aria-labelledby": "graded" },
        this.gauges.element,
        h("h2", { id: "graded" }, "Feedback"),
        mode === "exam" ? exam : this.grades.element,
        h("details", { class: "reminder" }, h("summary", {}, "Your tasks"), taskList(card)),
      ),
      h(
        "div",
        { class: "controls" },
        this.myMeter.element,
        this.muteButton,
        this.endButton,
        this.confirm,
      ),
    );
    this.tick(0);
  }

  /** Say what the persona is doing; `code` is LiveKit's word for it. */
  say(code, sentence) {
    if (this.state.textContent === sentence) return;
    this.state.dataset.state = code;
    fill(this.state, sentence);
  }

  /** Show how the connection is. */
  connection(state) {
    this.link.dataset.connection = state;
    fill(this.link, CONNECTION[state] ?? state);
  }

  /** Show the time since the persona came, in seconds. */
  tick(seconds) {
    const over = seconds > this.card.talk_s;
    const rest = over ? " (over; finish when ready)" : "";
    fill(this.time, `${clock(seconds)} of ${clock(this.card.talk_s)}${rest}`);
  }

  /** Show one notice with choices `[label, action]`; it stays until the next or `clear`. */
  notice(code, message, choices = []) {
    const buttons = choices.map(([label, action]) => button(label, action));
    fill(
      this.notices,
      h(
        "div",
        { class: "notice", "data-code": code },
        h("p", {}, message),
        buttons.length ? h("p", { class: "actions" }, buttons) : null,
      ),
    );
  }

  /** Take the notice away, if it is the one named, or any. */
  clear(code) {
    const shown = this.notices.firstElementChild?.dataset.code;
    if (code === undefined || shown === code) fill(this.notices);
  }

  muted(muted) {
    this.muteButton.setAttribute("aria-pressed", String(muted));
    fill(this.muteButton, muted ? "Unmute" : "Mute");
    this.myMeter.element.classList.toggle("off", muted);
  }

  /** Whether there is someone to talk to. */
  talking(possible) {
    this.endButton.disabled = !possible;
    for (const field of this.form.elements) field.disabled = !possible;
  }

  /** Follow the persona's voice. */
  voice(mediaStreamTrack) {
    this.theirMeter.element.hidden = false;
    this.theirMeter.follow(mediaStreamTrack);
  }

  close() {
    this.confirm.close();
    this.myMeter.stop();
    this.theirMeter.stop();
  }

  _heard(rms) {
    const { dataset } = this.element;
    dataset.outputLevel = rms.toFixed(4);
    if (rms > Number(dataset.outputPeak)) dataset.outputPeak = rms.toFixed(4);
  }
}

function confirmation(end) {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "end-question" },
    h("h2", { id: "end-question" }, "End the conversation?"),
    h("p", {}, "You then get your report."),
    h(
      "p",
      { class: "actions" },
      button("End and see the report", () => {
        dialog.close();
        end();
      }, { class: "primary" }),
      button("Go on talking", () => dialog.close()),
    ),
  );
  return dialog;
}

function typing(send) {
  const input = h("input", { id: "typed", autocomplete: "off", maxlength: "1000" });
  const form = h(
    "form",
    {
      class: "typing",
      on: {
        submit: (event) => {
          event.preventDefault();
          const text = input.value.trim();
          if (text) send(text);
          input.value = "";
        },
      },
    },
    h("label", { for: "typed" }, "Or type a reply"),
    h("span", { class: "together" }, input, h("button", {}, "Send")),
  );
  for (const field of form.elements) field.disabled = true;
  return form;
}
