// The trainee's microphone while talking: muted, lost and found again.

import { closeMicrophone, openMicrophone } from "./microphone.js";

export class OwnVoice {
  /** `stream` is null for someone who only types. */
  constructor(stream, { encounter, view }) {
    this.stream = stream;
    this.encounter = encounter;
    this.view = view;
    this.muted = false;
    this._follow();
  }

  /** Let the room hear it. */
  async send() {
    if (!this._track) return;
    // Muted before there was anything to mute: not a word may get through.
    this._track.enabled = !this.muted;
    await this.encounter.sendVoice(this._track);
    if (this.muted) await this.encounter.mute(true);
  }

  /** Hold the voice back, or let it through again. */
  async toggle() {
    this.muted = !this.muted;
    this.view.muted(this.muted);
    this._track.enabled = !this.muted;
    await this.encounter.mute(this.muted);
  }

  /** Say that the voice does not get through, and offer to open the microphone again. */
  lost(message) {
    this.view.notice("microphone_lost", message, [["Use the microphone", () => this._reopen()]]);
  }

  /** Let go of the microphone. */
  close() {
    closeMicrophone(this.stream);
  }

  get _track() {
    return this.stream?.getAudioTracks()[0] ?? null;
  }

  _follow() {
    if (!this._track) return;
    this.view.myMeter.follow(this._track);
    this._track.addEventListener("ended", () =>
      this.lost("Your microphone is gone. Plug it in again, or type your replies."),
    );
  }

  async _reopen() {
    try {
      this.stream = await openMicrophone();
    } catch (error) {
      return this.lost(`${error.message}. ${error.advice}`);
    }
    await this.send();
    this.view.clear("microphone_lost");
    this._follow();
  }
}
