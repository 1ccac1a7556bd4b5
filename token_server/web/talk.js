// Runs one encounter from “Start” to its report, and never leaves the trainee waiting without a
// word: whatever the room or the server does, the view says it and offers a way on.

import * as api from "./api.js";
import { announce } from "./dom.js";
import { Encounter } from "./encounter.js";
import { OwnVoice } from "./own_voice.js";
import { poll } from "./poll.js";
import { TalkView } from "./view_talk.js";
import { disconnection, KINDS, personaState } from "./wording.js";

const REPORT_WAIT_MS = 60_000;
const ASK_AGAIN_MS = 20_000;

export class Talk {
  /** `finished(report)` is called once with the report, `left()` when the trainee gave up. */
  constructor({ livekit, scenario, name, mode, stream, finished, left }) {
    this.options = { scenario, name, mode };
    this.them = KINDS[scenario.kind].them;
    this.finished = finished;
    this.left = left;
    this.phase = "starting";
    this.stopped = new AbortController();
    this.view = new TalkView({
      scenario,
      mode,
      hasMicrophone: stream !== null,
      onLine: ({ speaker, name: who, text }) => {
        if (speaker === "persona") announce(`${who}: ${text}`);
      },
      on: {
        mute: () => this.voice.toggle(),
        end: () => this._end(),
        type: (text) => this._type(text),
      },
    });
    this.encounter = new Encounter(livekit, this._handlers());
    this.voice = new OwnVoice(stream, this);
  }

  /** Start; call it inside the click, or browsers will not play sound. */
  async start() {
    const sound = this.encounter.unlockSound().catch(() => {});
    this.view.say("waiting", personaState(null, this.them));
    await sound;
    try {
      const { scenario, name, mode } = this.options;
      this.made = await api.createEncounter({ scenarioId: scenario.id, name, mode });
      await this.encounter.join({
        url: this.made.server_url,
        token: this.made.participant_token,
      });
    } catch (error) {
      return this._failed(error);
    }
    if (this.phase === "starting") {
      this.phase = "waiting";
      this._awaitPersona();
    }
    try {
      await this.voice.send();
    } catch (error) {
      // The room may be closed meanwhile, and has then said so itself.
      if (this._isLive()) this.voice.lost(`Your voice does not get through: ${error.message}.`);
    }
  }

  /** Leave without a report. */
  async leave() {
    if (this.phase === "over") return;
    this._close();
    await this.encounter.leave();
    this.left();
  }

  _handlers() {
    const { view } = this;
    return {
      connection: (state) => view.connection(state),
      disconnected: (reason) => this._disconnected(reason),
      personaCame: () => this._came(),
      personaLeft: () => this._personaLeft(),
      personaState: (state) => view.say(state, personaState(state, this.them)),
      soundBlocked: (blocked) => this._soundBlocked(blocked),
      voice: (track) => view.voice(track),
      line: (line) => view.transcript.put(line),
      grade: (message) => this._graded(message),
      state: (message) => this._moved(message),
      report: (report) => this._done(report),
    };
  }

  _isLive() {
    return this.phase === "waiting" || this.phase === "talking";
  }

  _failed(error) {
    const later = error.retryAfter ? ` Try again in ${error.retryAfter} seconds.` : "";
    const message =
      error instanceof api.ApiError
        ? error.message + later
        : `The room could not be joined: ${error.message}. A firewall may be blocking it.`;
    this.view.connection("disconnected");
    this.view.say("waiting", "The conversation could not start.");
    this.view.notice("not_started", message, [
      ["Try again", () => { this.view.clear(); this.start(); }],
      ["Leave", () => this.leave()],
    ]);
  }

  _came() {
    this.phase = "talking";
    this.view.clear();
    this.view.talking(true);
    const began = (this.began ??= performance.now());
    clearInterval(this.timer);
    this.timer = setInterval(() => this.view.tick((performance.now() - began) / 1000), 1000);
  }

  async _awaitPersona() {
    this.view.say("waiting", personaState(null, this.them));
    let quietUntil = 0;
    const wait = () => {
      quietUntil = performance.now() + ASK_AGAIN_MS;
      this.view.clear("unattended");
    };
    await poll(async () => {
      if (this.encounter.persona) return true;
      const seen = await api.encounterStatus(this.made.encounter_id).catch(() => ({}));
      if (seen.status === "ended" || seen.status === "reported") {
        this._awaitReport();
        return true;
      }
      if (seen.status === "unattended" && performance.now() > quietUntil) {
        quietUntil = Infinity;
        const message = seen.message || `Nobody is free to play ${this.them} right now.`;
        this.view.notice("unattended", `${message} You may wait or leave.`, [
          ["Keep waiting", wait],
          ["Leave", () => this.leave()],
        ]);
      }
      return undefined;
    }, { signal: this.stopped.signal });
  }

  _personaLeft() {
    this.view.talking(false);
    if (this.phase !== "talking") return;
    this.phase = "waiting";
    this.view.notice(
      "persona_left",
      `The connection to ${this.them} was lost. We are calling them back; what you said is kept.`,
      [["End and see the report", () => this._end()]],
    );
    this._awaitPersona();
  }

  _disconnected(reason) {
    if (!this._isLive()) return;
    this.view.talking(false);
    this.view.notice("disconnected", disconnection(reason));
    this._awaitReport();
  }

  _soundBlocked(blocked) {
    if (!blocked) return this.view.clear("sound_blocked");
    this.view.notice("sound_blocked", "The browser is holding the sound back.", [
      ["Play the sound", () => this.encounter.unlockSound()],
    ]);
  }

  _graded(message) {
    this.view.grades.put(message);
    const { grade } = message;
    const result = grade.ungraded ? "not graded" : `${grade.overall} of 100. ${grade.advice}`;
    announce(`Reply ${message.exchange + 1}: ${result}`);
  }

  _moved(message) {
    this.view.gauges.put(message);
    if (message.phase !== "active" && this.phase === "talking") this._awaitReport();
  }

  async _type(text) {
    try {
      const { id } = await this.encounter.type(text);
      this.view.transcript.put({ id: `typed:${id}`, speaker: "trainee", text, final: true });
    } catch {
      this.view.notice("not_sent", `This could not be sent: “${text}”. Send it again.`);
    }
  }

  async _end() {
    if (this.phase === "ending" || this.phase === "over") return;
    this.phase = "ending";
    this.encounter.mute(true);
    const asked = await this.encounter.end();
    // Nobody to ask: leaving the room ends the encounter as well.
    if (!asked) await this.encounter.leave();
    await this._awaitReport();
  }

  async _awaitReport() {
    if (this.phase === "over" || this.awaitingReport) return;
    this.phase = "ending";
    this.awaitingReport = true;
    this.view.talking(false);
    this.view.say("ending", "The conversation is over. Your report is being made.");
    clearInterval(this.timer);
    const ask = () => api.report(this.made.encounter_id).catch(() => undefined);
    const report = await poll(ask, { forMs: REPORT_WAIT_MS, signal: this.stopped.signal });
    this.awaitingReport = false;
    if (report) return this._done(report);
    if (this.phase === "over") return;
    this.view.notice("no_report", "The report is not there yet. What you said is kept.", [
      ["Look again", () => { this.view.clear(); this._awaitReport(); }],
      ["Leave", () => this.leave()],
    ]);
  }

  async _done(report) {
    if (this.phase === "over") return;
    this._close();
    await this.encounter.leave();
    this.finished(report);
  }

  _close() {
    this.phase = "over";
    this.stopped.abort();
    clearInterval(this.timer);
    this.view.close();
    this.voice.close();
  }
}
