// Second step: what the trainee may know beforehand, and how they want to practise.

import { announce, button, clock, fill, h, words } from "./dom.js";

/** Return the view of one scenario's card; `go` gets `{name, mode}`. */
export function cardView(scenario, choices, { go, back }) {
  const { card } = scenario;
  const name = h("input", {
    id: "trainee-name",
    maxlength: "80",
    autocomplete: "name",
    value: choices.name,
  });
  const modes = h(
    "fieldset",
    { class: "modes" },
    h("legend", {}, "Feedback"),
    mode("practice", "Practice", "Feedback after each reply, and a report at the end.", choices),
    mode("exam", "Exam", "Feedback only in the report at the end.", choices),
  );
  const form = h(
    "form",
    {
      class: "options",
      on: {
        submit: (event) => {
          event.preventDefault();
          go({ name: name.value.trim(), mode: new FormData(form).get("mode") });
        },
      },
    },
    h("label", { for: "trainee-name" }, "Your name ", h("span", { class: "quiet" }, "(optional)")),
    name,
    modes,
    h(
      "p",
      { class: "actions" },
      h("button", { class: "primary" }, "Check the microphone"),
      button("Other scenarios", back, { class: "plain" }),
    ),
  );
  const timer = preparation(card.prepare_s);
  return {
    title: card.title,
    leave: timer.stop,
    element: h(
      "div",
      { class: "split" },
      h(
        "article",
        { class: "brief" },
        h("h1", { dir: "auto" }, card.title),
        h(
          "dl",
          { class: "where" },
          h("div", {}, h("dt", {}, "Where"), h("dd", { dir: "auto" }, card.setting)),
          h("div", {}, h("dt", {}, "Your part"), h("dd", { dir: "auto" }, card.role)),
        ),
        h("h2", {}, "What you know"),
        card.background.split(/\n\s*\n/).map((paragraph) => words(paragraph)),
        h("h2", {}, "What to do"),
        taskList(card),
      ),
      h("aside", { class: "panel", "aria-label": "Before you start" }, timer.element, form),
    ),
  };
}

/** Return a card's tasks as a list. */
export function taskList(card) {
  return h("ol", { class: "tasks" }, card.tasks.map((task) => h("li", { dir: "auto" }, task)));
}

function mode(value, label, meaning, choices) {
  return h(
    "label",
    { class: "choice" },
    h("input", { type: "radio", name: "mode", value, checked: choices.mode === value }),
    h("span", {}, h("strong", {}, label), h("span", { class: "quiet" }, ` ${meaning}`)),
  );
}

function preparation(seconds) {
  if (!seconds) return { element: null, stop: () => {} };
  let running = null;
  const left = h("span", { class: "number", role: "timer" }, clock(seconds));
  const start = button("Start the clock", () => {
    const until = performance.now() + seconds * 1000;
    start.hidden = true;
    running = setInterval(() => {
      const rest = (until - performance.now()) / 1000;
      fill(left, clock(rest));
      if (Math.round(rest) === 60) announce("One minute of preparation left.");
      if (rest > 0) return;
      clearInterval(running);
      fill(left, "Time to begin. Take longer if you need to.");
      announce("Preparation time is over. Take longer if you need to.");
    }, 1000);
  });
  const element = h(
    "div",
    { class: "preparation" },
    h("h2", {}, "Preparation"),
    h("p", {}, left, h("span", { class: "quiet" }, " suggested to read the card")),
    start,
  );
  return { element, stop: () => clearInterval(running) };
}
