// Keeps the screen on while a session runs, where the browser can.

let lock;
let wanted = false;

async function ask() {
  if (!wanted || lock || document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = undefined));
    if (!wanted) lock.release();
  } catch {
    lock = undefined; // A low battery forbids it; the session goes on all the same.
  }
}

export function keepAwake(on) {
  wanted = on;
  if (on) ask();
  else lock?.release();
}

document.addEventListener("visibilitychange", ask);
