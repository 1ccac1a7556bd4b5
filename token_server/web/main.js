// Leads through the steps and keeps what was chosen between them.

import * as api from "./api.js";
import { button, fill, h } from "./dom.js";
import { loadLiveKit } from "./encounter.js";
import { Talk } from "./talk.js";
import { cardView } from "./view_card.js";
import { chooseView } from "./view_choose.js";
import { microphoneView } from "./view_microphone.js";
import { reportView } from "./view_report.js";

const STEPS = ["Choose", "Read", "Microphone", "Talk", "Report"];
const main = document.getElementById("main");
const choices = { name: "", mode: "practice" };
let current = null;

function show(step, view, { keep = false } = {}) {
  current?.leave?.({ keep });
  current = view;
  fill(main, view.element);
  fill(
    document.getElementById("steps"),
    STEPS.map((name, n) => {
      const where = h("span", { class: "place" }, `Step ${n + 1} of ${STEPS.length}: `);
      return h("li", { "aria-current": n === step ? "step" : null }, where, name);
    }),
  );
  document.title = `${view.title} – Interlocutor`;
  window.onbeforeunload = step === 3 ? (event) => event.preventDefault() : null;
  window.scrollTo(0, 0);
  const heading = main.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  view.shown?.();
}

async function choose() {
  try {
    show(0, chooseView(await api.scenarios(), read, choices));
  } catch (error) {
    show(0, failed(error.message));
  }
}

function failed(message) {
  return {
    title: "Not available",
    element: h(
      "div",
      { class: "narrow" },
      h("h1", {}, "The scenarios could not be loaded"),
      h("p", { class: "notice", role: "alert" }, message),
      button("Try again", choose, { class: "primary" }),
    ),
  };
}

function read(scenario) {
  const go = (chosen) => {
    Object.assign(choices, chosen);
    check(scenario);
  };
  show(1, cardView(scenario, choices, { go, back: choose }));
}

function check(scenario) {
  let livekit = null;
  const view = microphoneView({
    go: (stream) => talk(scenario, livekit, stream),
    back: () => read(scenario),
  });
  show(2, view);
  loadLiveKit().then(
    (loaded) => {
      livekit = loaded;
      view.unblock();
    },
    (error) => view.obstruct(error.message),
  );
}

function talk(scenario, livekit, stream) {
  const encounter = new Talk({
    livekit,
    scenario,
    stream,
    ...choices,
    finished: (report) =>
      show(4, reportView(report, scenario, { name: choices.name, again, choose })),
    left: () => read(scenario),
  });
  const again = () => check(scenario);
  const started = encounter.start();
  show(3, encounter.view, { keep: true });
  return started;
}

choose();
