// Both legs' hip rotation: the whole in few points, and finer stretches that were fetched since.

const CHUNK_S = 60;
const KEPT = 12;

export class Courses {
  constructor() {
    this.overview = [];
    this.finer = [];
  }

  setOverview(courses) {
    this.overview = courses;
  }

  forget() {
    this.finer = [];
  }

  add(from, until, courses) {
    this.finer = this.finer.filter((one) => one.from !== from || one.until !== until);
    this.finer.push({ from, until, courses });
    if (this.finer.length > KEPT) this.finer.shift();
  }

  // The finest that is known of a whole stretch.
  of(from, until) {
    let best = null;
    for (const one of this.finer)
      if (one.from <= from && one.until >= until && (!best || one.until - one.from < best.until - best.from))
        best = one;
    return best ? best.courses : this.overview;
  }

  has(from, until) {
    return this.finer.some((one) => one.from === from && one.until === until);
  }

  // The stretch of fixed length around an instant, which replaying reads.
  chunk(at) {
    const from = Math.floor(at / CHUNK_S) * CHUNK_S;
    return { from, until: from + CHUNK_S };
  }

  // Hip rotation of a leg at an instant in degrees; null where it is not known.
  at(side, at) {
    const course = this.of(at, at).find((one) => one.side === side);
    if (!course) return null;
    const times = course.time_s;
    const values = course.hip_rotation_deg;
    const after = firstAfter(times, at);
    if (after === 0 || after >= times.length) return after && times.at(-1) === at ? values.at(-1) : null;
    const [low, high] = [values[after - 1], values[after]];
    if (low === null || high === null) return null;
    const wide = times[after] - times[after - 1];
    return wide > 0 ? low + ((high - low) * (at - times[after - 1])) / wide : high;
  }
}

// Place of the first value above another one, in rising values.
export function firstAfter(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
