// The words for what the protocol names, in one place so that page and report agree.

export const SKILLS = {
  tone_and_voice: "Tone and voice",
  listening_and_empathy: "Listening and empathy",
  calm_and_confidence: "Calm and confidence",
  clear_communication: "Clear communication",
  safety_awareness: "Safety awareness",
  conflict_resolution: "Conflict resolution",
};

export const KINDS = {
  patient: { heading: "Healthcare", speaker: "Patient", them: "the patient" },
  subject: { heading: "De-escalation", speaker: "Other person", them: "the other person" },
};

export const AROUSAL = ["calm", "settled", "uneasy", "upset", "very upset", "out of control"];
export const TRUST = ["none", "very little", "a little", "some", "good", "full"];

export const OUTCOMES = {
  escalation: "It escalated",
  containment: "Contained, not resolved",
  "de-escalation": "De-escalated",
  resolution: "Resolved",
};

export const TASKS = { done: "done", partly: "partly", not_seen: "not seen" };

/** Return what the persona is doing, as a sentence. */
export function personaState(state, them) {
  const Them = them[0].toUpperCase() + them.slice(1);
  return (
    {
      initializing: `${Them} is getting ready.`,
      idle: `${Them} is waiting.`,
      listening: `${Them} is listening. Speak now.`,
      thinking: `${Them} is thinking.`,
      speaking: `${Them} is speaking.`,
    }[state] ?? `Waiting for ${them} to join.`
  );
}

/** Return why LiveKit ended the connection, as a sentence; codes are the protocol's. */
export function disconnection(reason) {
  return (
    {
      2: "You joined this conversation from another window, so this one was closed.",
      3: "The server was stopped.",
      4: "You were removed from the conversation.",
      5: "The conversation was closed.",
      10: "The room was closed.",
    }[reason] ?? "The connection was lost and could not be restored."
  );
}
