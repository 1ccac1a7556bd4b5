// Measures how loud a track is and shows it, so that a trainee sees they are heard.

import { h } from "./dom.js";

const FLOOR_DB = -60;

/** A meter element that follows one audio track at a time. */
export class Meter {
  constructor(label, { onLevel } = {}) {
    this.level = h("span", { class: "meter-level" });
    // Its value is not told to assistive technology: it would change ten times a second.
    const rail = h("span", { class: "meter-rail", "aria-hidden": "true" }, this.level);
    this.element = h("div", { class: "meter" }, h("span", { class: "meter-name" }, label), rail);
    this.onLevel = onLevel ?? (() => {});
    this.context = null;
  }

  /** Begin to follow `mediaStreamTrack`, in place of the one before. */
  follow(mediaStreamTrack) {
    this.stop();
    this.context = new AudioContext();
    this.context.resume();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(new MediaStream([mediaStreamTrack])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this._show(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));
    }, 80);
  }

  /** Let go of the track. */
  stop() {
    clearInterval(this.timer);
    this.context?.close();
    this.context = null;
    this._show(0);
  }

  _show(rms) {
    const decibels = rms > 0 ? 20 * Math.log10(rms) : FLOOR_DB;
    const share = Math.max(0, Math.min(1, 1 - decibels / FLOOR_DB));
    this.level.style.inlineSize = `${Math.round(share * 100)}%`;
    this.onLevel(rms);
  }
}
