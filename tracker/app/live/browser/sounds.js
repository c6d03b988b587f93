// Tones and the spoken count; both can be switched off, and neither is ever the only signal.

const SWITCHES = ["tones", "voice", "tempo", "keys"];
const STORE = "tracker_live_";

export const TONES = {
  valid: [[880, 0, 0.12]],
  partial: [[330, 0, 0.1], [262, 0.12, 0.16]],
  set_end: [[659, 0, 0.14], [784, 0.16, 0.14], [1047, 0.32, 0.3]],
  trouble: [[196, 0, 0.25], [196, 0.35, 0.25], [196, 0.7, 0.25]],
  begin: [[523, 0, 0.18]],
  tick: [[1200, 0, 0.03]],
};
const LOUDNESS = { tick: 0.08 };
const USUAL_LOUDNESS = 0.35;
const CLOSEST_MS = 60;
const RAMP_S = 0.008;

let context;
const listeners = new Set();
let lastTone = 0;

function tell() {
  for (const listener of listeners) listener(isOpen());
}

export function isOpen() {
  return context?.state === "running";
}

// Browsers let a page sound only after a person touched it: any touch or key opens the sound.
export function open() {
  if (!window.AudioContext) return;
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    context.addEventListener("statechange", tell);
  }
  if (context.state !== "running") context.resume().then(tell, () => {});
}

export function watchOpen(listener) {
  const gestures = ["pointerdown", "pointerup", "keydown", "click"];
  listeners.add(listener);
  for (const gesture of gestures) document.addEventListener(gesture, open, { capture: true });
  return () => {
    listeners.delete(listener);
    for (const gesture of gestures) document.removeEventListener(gesture, open, { capture: true });
  };
}

export function switches() {
  return Object.fromEntries(SWITCHES.map((name) => [name, localStorage.getItem(STORE + name) !== "off"]));
}

export function setSwitch(name, on) {
  localStorage.setItem(STORE + name, on ? "on" : "off");
}

export function play(name) {
  if (!isOpen()) return;
  const now = performance.now();
  if (name !== "tick" && now - lastTone < CLOSEST_MS) return;
  if (name !== "tick") lastTone = now;
  const loudness = LOUDNESS[name] ?? USUAL_LOUDNESS;
  for (const [hertz, after, length] of TONES[name]) note(hertz, context.currentTime + after, length, loudness);
}

function note(hertz, at, length, loudness) {
  const oscillator = new OscillatorNode(context, { frequency: hertz, type: "triangle" });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + RAMP_S);
  gain.gain.setValueAtTime(loudness, at + length - RAMP_S);
  gain.gain.linearRampToValueAtTime(0, at + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

// What is said last goes first: a count that comes late is worth nothing.
export function say(text, language) {
  if (!window.speechSynthesis || !text) return;
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language;
  words.rate = 1.2;
  speechSynthesis.speak(words);
}
