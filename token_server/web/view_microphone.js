// Third step: the trainee sees that they are heard before anyone waits for them.

import { button, fill, h } from "./dom.js";
import { Meter } from "./meter.js";
import { closeMicrophone, microphones, openMicrophone } from "./microphone.js";

const HEARD_RMS = 0.01;

/** Return the view of the microphone check; `go` gets the open stream, or null to type only. It
 * runs inside the click, so that it may unlock sound. */
export function microphoneView({ go, back }) {
  let stream = null;
  let ready = false;
  const verdict = h("p", { class: "verdict", role: "status" });
  const meter = new Meter("Your voice", {
    onLevel: (rms) => {
      if (rms < HEARD_RMS || !stream || verdict.dataset.heard) return;
      verdict.dataset.heard = "yes";
      fill(verdict, "We can hear you.");
    },
  });
  const picker = h("select", { id: "microphone", on: { change: () => open(picker.value) } });
  const check = h(
    "div",
    { class: "panel" },
    h("label", { for: "microphone" }, "Microphone"),
    picker,
    h("p", { id: "say" }, "Say a few words. The bar should move."),
    meter.element,
    verdict,
  );
  const failure = h("div", { class: "notice", role: "alert" });
  const start = button("Start talking", () => go(stream), { class: "primary" });
  const typeOnly = button("Continue by typing", () => {
    closeMicrophone(stream);
    go(null);
  });

  async function open(deviceId) {
    delete verdict.dataset.heard;
    fill(verdict);
    meter.stop();
    closeMicrophone(stream);
    stream = null;
    start.disabled = true;
    try {
      stream = await openMicrophone(deviceId);
    } catch (error) {
      return fail(error);
    }
    if (!view.element.isConnected) return closeMicrophone(stream);
    await list();
    check.hidden = false;
    failure.hidden = true;
    start.disabled = !ready;
    meter.follow(stream.getAudioTracks()[0]);
  }

  async function list() {
    const current = stream.getAudioTracks()[0].getSettings().deviceId;
    const found = await microphones();
    fill(
      picker,
      found.map(({ id, label }) => h("option", { value: id, selected: id === current }, label)),
    );
  }

  function fail(error) {
    check.hidden = true;
    failure.hidden = false;
    failure.dataset.code = error.code;
    fill(
      failure,
      h("h2", {}, error.message),
      h("p", {}, error.advice),
      h(
        "p",
        { class: "actions" },
        button("Try again", () => open()),
        error.code === "framed"
          ? h("a", { class: "button", href: location.href, target: "_blank" }, "Open in a window")
          : null,
      ),
    );
  }

  const replug = () => {
    if (stream) list();
  };
  navigator.mediaDevices?.addEventListener("devicechange", replug);
  const blocked = h("div", { class: "notice", role: "alert", hidden: true });
  const view = {
    title: "Check the microphone",
    shown: () => open(),
    /** Talking is possible from now on, with the microphone or by typing. */
    unblock() {
      ready = true;
      start.disabled = stream === null;
      typeOnly.disabled = false;
    },
    /** Say what keeps the conversation from starting, whatever the microphone does. */
    obstruct(message) {
      fill(blocked, h("h2", {}, "Talking is not possible yet"), h("p", {}, message));
      blocked.hidden = false;
    },
    leave: ({ keep }) => {
      navigator.mediaDevices?.removeEventListener("devicechange", replug);
      meter.stop();
      if (!keep) closeMicrophone(stream);
    },
    element: h(
      "div",
      { class: "narrow" },
      h("h1", {}, "Check your microphone"),
      h("p", { class: "lead" }, "A headset keeps the other voice out of your microphone."),
      blocked,
      failure,
      check,
      h("p", { class: "actions" }, start, typeOnly, button("Back", back, { class: "plain" })),
    ),
  };
  check.hidden = failure.hidden = start.disabled = typeOnly.disabled = true;
  return view;
}
