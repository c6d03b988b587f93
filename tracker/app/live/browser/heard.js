// Which repetitions were heard already: each is heard once, also after a reload or a lost connection.

const KEY = "tracker_heard";

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export function newOnes(run, closed) {
  const before = stored();
  const until = before.run === run ? before.serial : 0;
  const fresh = closed.filter((one) => one.serial > until);
  if (fresh.length) keep(run, fresh[fresh.length - 1].serial);
  return fresh;
}

export function keep(run, serial) {
  const before = stored();
  if (before.run === run && before.serial >= serial) return;
  sessionStorage.setItem(KEY, JSON.stringify({ run, serial }));
}
