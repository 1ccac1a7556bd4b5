// The room: joins it, carries the trainee's voice and typed words in, and hands on what the persona
// says and what the worker sends. Knows nothing of the page.

const TOPIC_GRADE = "encounter.grade";
const TOPIC_STATE = "encounter.state";
const TOPIC_REPORT = "encounter.report";
const RPC_END = "encounter.end";

/** Load livekit-client; raises an Error whose message says how to get it when it is missing. */
export async function loadLiveKit() {
  try {
    return await import("/vendor/livekit-client.esm.mjs");
  } catch (error) {
    throw new Error(
      "The part that carries the voice (livekit-client) is not installed on the server. " +
        "Install Node 20 or newer there, run “make install”, and reload this page.",
      { cause: error },
    );
  }
}

/** One connection to one room. `handlers` are called with what happens; see `_listen`. */
export class Encounter {
  constructor(livekit, handlers) {
    this.livekit = livekit;
    this.handlers = handlers;
    this.room = new livekit.Room({ adaptiveStream: false, dynacast: false });
    this.persona = null;
    this._listen();
  }

  /** Unlock sound. Must be the first thing a click does: browsers ask for a gesture. */
  unlockSound() {
    return this.room.startAudio();
  }

  /** Join the room. */
  async join({ url, token }) {
    await this.room.connect(url, token);
    for (const participant of this.room.remoteParticipants.values()) this._arrived(participant);
  }

  /** Send the voice of `microphone` (a MediaStreamTrack), in place of the one before. */
  async sendVoice(microphone) {
    const { Microphone: source } = this.livekit.Track.Source;
    const sent = this.room.localParticipant.getTrackPublication(source);
    if (sent) await sent.track.replaceTrack(microphone);
    else await this.room.localParticipant.publishTrack(microphone, { source, name: "microphone" });
  }

  /** Send or hold back the trainee's voice. */
  async mute(muted) {
    const { Microphone } = this.livekit.Track.Source;
    const publication = this.room.localParticipant.getTrackPublication(Microphone);
    await (muted ? publication?.mute() : publication?.unmute());
  }

  /** Send a typed reply. */
  type(text) {
    return this.room.localParticipant.sendText(text, { topic: "lk.chat" });
  }

  /** Ask the worker to end and to send the report; false when it cannot be asked. */
  async end() {
    if (!this.persona) return false;
    try {
      await this.room.localParticipant.performRpc({
        destinationIdentity: this.persona.identity,
        method: RPC_END,
        payload: "",
        responseTimeout: 10_000,
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Leave the room. */
  async leave() {
    await this.room.disconnect();
    for (const element of document.querySelectorAll("audio.persona")) element.remove();
  }

  _listen() {
    const { RoomEvent } = this.livekit;
    const { handlers, room } = this;
    room
      .on(RoomEvent.ParticipantConnected, (participant) => this._arrived(participant))
      .on(RoomEvent.ParticipantDisconnected, (participant) => {
        if (participant !== this.persona) return;
        this.persona = null;
        handlers.personaLeft();
      })
      .on(RoomEvent.ParticipantAttributesChanged, (_, participant) => this._arrived(participant))
      .on(RoomEvent.ConnectionStateChanged, (state) => handlers.connection(state))
      .on(RoomEvent.Disconnected, (reason) => handlers.disconnected(reason))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => handlers.soundBlocked(!room.canPlaybackAudio))
      .on(RoomEvent.TrackSubscribed, (track, _, participant) => this._play(track, participant));
    room.registerTextStreamHandler("lk.transcription", (reader, { identity }) =>
      this._transcribe(reader, identity),
    );
    this._receive(TOPIC_GRADE, handlers.grade);
    this._receive(TOPIC_STATE, handlers.state);
    this._receive(TOPIC_REPORT, handlers.report);
  }

  _receive(topic, take) {
    this.room.registerTextStreamHandler(topic, async (reader, { identity }) => {
      const text = await whole(() => reader.readAll());
      // Only the persona may grade; anyone else in the room could send on the same topic.
      if (text && this._isPersona(this.room.remoteParticipants.get(identity))) take(JSON.parse(text));
    });
  }

  _arrived(participant) {
    if (participant === this.room.localParticipant || !this._isPersona(participant)) return;
    const isNew = this.persona === null;
    this.persona = participant;
    if (isNew) this.handlers.personaCame();
    this.handlers.personaState(participant.attributes["lk.agent.state"] ?? "initializing");
  }

  _isPersona(participant) {
    return Boolean(participant?.isAgent);
  }

  _play(track, participant) {
    if (track.kind !== this.livekit.Track.Kind.Audio) return;
    this._arrived(participant);
    const element = track.attach();
    element.className = "persona";
    document.body.append(element);
    this.handlers.voice(track.mediaStreamTrack);
    track.once(this.livekit.TrackEvent.Ended, () => element.remove());
  }

  async _transcribe(reader, identity) {
    const mine = identity === this.room.localParticipant.identity;
    const speaker = mine ? "trainee" : "persona";
    const id = `${speaker}:${reader.info.attributes?.["lk.segment_id"] ?? reader.info.id}`;
    let text = "";
    await whole(async () => {
      for await (const chunk of reader) {
        text += chunk;
        this.handlers.line({ id, speaker, text, final: false });
      }
    });
    // The flag may come with the stream's end only. A persona's stream is whole when it ends; of
    // the trainee's words there is a new stream for every guess, replacing the last.
    const final = !mine || reader.info.attributes?.["lk.transcription_final"] === "true";
    if (text) this.handlers.line({ id, speaker, text, final });
  }
}

/** Return what `read` makes of a stream, or undefined when its sender or we left halfway. */
async function whole(read) {
  try {
    return await read();
  } catch (error) {
    console.info("a stream was cut off", error);
    return undefined;
  }
}
