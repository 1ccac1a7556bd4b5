// Builds the page's elements. Everything a person or a model said goes in as a text node: there is
// no way here to turn a string into markup.

/** Return a new element; `props` sets attributes, `on` listeners, `class` the class; children are
 * elements, strings, or nothing. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Return a button that runs `action` when pressed. */
export function button(label, action, props = {}) {
  return h("button", { type: "button", ...props, on: { click: action } }, label);
}

/** Return a paragraph for words of unknown script and direction. */
export function words(text, props = {}) {
  return h("p", { dir: "auto", ...props }, text);
}

/** Put `children` in place of what `element` holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null));
}

/** Return a horizontal bar showing `value` of `max`; its number must stand beside it as text. */
export function bar(value, max) {
  const level = h("span", { class: "bar-level" });
  level.style.inlineSize = `${Math.max(0, Math.min(100, (value / max) * 100))}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, level);
}

/** Return seconds as m:ss. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Tell people who listen to the page one thing, once the last one was read. */
export function announce(text) {
  const log = document.getElementById("announcer");
  log.append(h("p", { dir: "auto" }, text));
  while (log.childElementCount > 20) log.firstElementChild.remove();
}
