// Marks in a reply the words a grade rests on.

import { h } from "./dom.js";

/** Return a reply as a paragraph in which every quote that stands in it is marked. */
export function markedReply(reply, quotes) {
  const spans = quotes.map((quote) => placeOf(reply, quote)).filter(Boolean);
  const edges = [...new Set([0, reply.length, ...spans.flat()])].sort((a, b) => a - b);
  const pieces = edges.slice(1).map((end, n) => {
    const start = edges[n];
    const quoted = spans.some(([from, to]) => from <= start && end <= to);
    const text = reply.slice(start, end);
    return quoted ? h("mark", {}, text) : text;
  });
  return h("p", { class: "said", dir: "auto" }, pieces);
}

/** Tell whether a quote stands in the reply word for word. */
export const isIn = (reply, quote) => placeOf(reply, quote) !== null;

function placeOf(reply, quote) {
  const start = quote.trim() ? reply.indexOf(quote) : -1;
  return start < 0 ? null : [start, start + quote.length];
}
