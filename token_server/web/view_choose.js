// First step: what there is to practise.

import { progressPage } from "./api.js";
import { button, h, words } from "./dom.js";
import { KINDS } from "./wording.js";

/** Return the view of all scenarios; `pick` gets the one chosen, `name` is whose progress is linked,
 * empty for everybody's. */
export function chooseView(scenarios, pick, { name }) {
  const groups = Object.entries(KINDS).map(([kind, { heading }]) => {
    const members = scenarios.filter((scenario) => scenario.kind === kind);
    if (!members.length) return null;
    return h(
      "section",
      { "aria-labelledby": `group-${kind}` },
      h("h2", { id: `group-${kind}` }, heading),
      h("ul", { class: "cards" }, members.map((scenario) => card(scenario, pick))),
    );
  });
  const none = h("p", { class: "notice" }, "This server has no scenarios to practise.");
  return {
    title: "Choose a conversation",
    element: h(
      "div",
      { class: "choose" },
      h("h1", {}, "Which conversation do you want to practise?"),
      h(
        "p",
        { class: "lead" },
        "You talk by voice to someone played by a computer. Each of your replies is graded, and " +
          "at the end there is a report.",
      ),
      h("p", {}, h("a", { href: progressPage(name) }, "Your progress")),
      scenarios.length ? h("div", { class: "groups" }, groups.filter(Boolean)) : none,
    ),
  };
}

function card(scenario, pick) {
  const { title, profession, setting, talk_s: seconds } = scenario.card;
  const facts = [profession, scenario.difficulty, `about ${Math.round(seconds / 60)} min`];
  return h(
    "li",
    { class: "card" },
    h("h3", { dir: "auto" }, title),
    words(setting),
    h("p", { class: "facts" }, facts.join(" · ")),
    button("Read the card", () => pick(scenario), {
      class: "cover",
      "aria-label": `Read the card: ${title}`,
      "data-scenario": scenario.id,
    }),
  );
}
