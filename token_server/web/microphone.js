// Opens the microphone and says in plain words why it did not. Gain control stays off: it would
// level out the loudness that delivery is measured by.

const REMEMBERED = "interlocutor.microphone";

const FAILURES = {
  insecure: {
    title: "The browser gives no microphone to this address",
    advice:
      "Microphones work only over https, or on localhost. Ask whoever runs this server for its " +
      "https address.",
  },
  framed: {
    title: "The page around this one does not pass the microphone on",
    advice:
      "Open the practice in a window of its own, or ask the course's author to allow the " +
      "microphone for this frame.",
  },
  denied: {
    title: "The microphone is not allowed",
    advice:
      "Click the microphone or lock sign beside the address, allow the microphone for this page, " +
      "then press “Try again”. If it is not offered there, allow this browser in the privacy " +
      "settings of your system.",
  },
  missing: {
    title: "No microphone was found",
    advice: "Plug one in or switch your headset on, then press “Try again”.",
  },
  busy: {
    title: "The microphone is in use",
    advice:
      "Another program holds it. Close calls and recorders, then press “Try again”, or choose " +
      "another microphone.",
  },
  other: {
    title: "The microphone could not be opened",
    advice: "Unplug it and plug it in again, or restart the browser, then press “Try again”.",
  },
};

export class MicrophoneError extends Error {
  constructor(code) {
    super(FAILURES[code].title);
    this.code = code;
    this.advice = FAILURES[code].advice;
  }
}

/** Return an open stream of the microphone with this id, or of the remembered one; raises
 * `MicrophoneError`. */
export async function openMicrophone(deviceId = remembered()) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new MicrophoneError("insecure");
  try {
    const stream = await capture(deviceId);
    if (deviceId) remember(deviceId);
    return stream;
  } catch (error) {
    throw new MicrophoneError(failureOf(error));
  }
}

/** Return the microphones there are, `{id, label}`; labels are only known once one was opened. */
export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId)
    .map((device, n) => ({ id: device.deviceId, label: device.label || `Microphone ${n + 1}` }));
}

/** Let go of a microphone. */
export function closeMicrophone(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function capture(deviceId) {
  const audio = { autoGainControl: false, echoCancellation: true, noiseSuppression: true };
  if (!deviceId) return navigator.mediaDevices.getUserMedia({ audio });
  try {
    // Not `ideal`: Chromium then opens the default microphone, whichever was asked for.
    const wish = { ...audio, deviceId: { exact: deviceId } };
    return await navigator.mediaDevices.getUserMedia({ audio: wish });
  } catch (error) {
    if (error.name !== "OverconstrainedError") throw error;
    // The one remembered is not plugged in: any other will do.
    return navigator.mediaDevices.getUserMedia({ audio });
  }
}

// Storage is refused to frames of other sites; the choice then lasts as long as the page.
let lastChoice = "";

function remember(deviceId) {
  lastChoice = deviceId;
  try {
    localStorage.setItem(REMEMBERED, deviceId);
  } catch {
    return;
  }
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) ?? lastChoice;
  } catch {
    return lastChoice;
  }
}

function failureOf(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return framedOut() ? "framed" : "denied";
    case "NotFoundError":
    case "OverconstrainedError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    case "TrackStartError":
      return "busy";
    default:
      return "other";
  }
}

function framedOut() {
  if (window.self === window.top) return false;
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  // Only Chromium can be asked. Elsewhere a refusal inside a frame most likely is the frame's.
  return policy ? !policy.allowsFeature("microphone") : true;
}
