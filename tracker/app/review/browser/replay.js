// A recording as it went: an instant that moves, and what was known at it.

export class Replay {
  constructor() {
    this.at = 0;
    this.speed = 1;
    this.playing = false;
    this.setTimeline({ duration_s: 0, sets: [], repetitions: [], phases: [], rest_tests: [] });
  }

  setTimeline(timeline) {
    this.timeline = timeline;
    this.inSet = new Map();
    for (const rep of timeline.repetitions) {
      if (!this.inSet.has(rep.set_number)) this.inSet.set(rep.set_number, []);
      this.inSet.get(rep.set_number).push(rep);
    }
    this.peaks = timeline.repetitions.map((rep) => rep.peak_s).sort((one, other) => one - other);
  }

  get end() {
    return this.timeline.duration_s;
  }

  seek(at) {
    this.at = Math.min(this.end, Math.max(0, at));
  }

  // Goes on by some real seconds; says whether it is still playing.
  go(seconds) {
    if (!this.playing) return false;
    this.seek(this.at + seconds * this.speed);
    if (this.at >= this.end) this.playing = false;
    return this.playing;
  }

  toggle() {
    if (!this.playing && this.at >= this.end) this.at = 0;
    this.playing = !this.playing;
  }

  // Turning point of the repetition after or before the instant.
  step(direction) {
    const later = direction > 0;
    const found = later
      ? this.peaks.find((peak) => peak > this.at + 0.05)
      : this.peaks.findLast((peak) => peak < this.at - 0.05);
    if (found !== undefined) this.seek(found);
  }

  // The set that is on at the instant, or the last one before it.
  get set() {
    return this.timeline.sets.findLast((one) => one.start_s <= this.at) ?? null;
  }

  // What the instant lies in; of phases within others the one that began last.
  get phase() {
    return this.phaseAt(this.at);
  }

  phaseAt(time) {
    const inside = (one) => one.start_s <= time && time < one.end_s;
    return this.timeline.phases.findLast(inside) ?? null;
  }

  // What a leg's count said at the instant.
  count(side) {
    const set = this.set;
    const told = { valid: 0, partial: 0, last: null };
    if (!set) return told;
    for (const rep of this.inSet.get(set.number) ?? []) {
      if (rep.side !== side || rep.counted_s > this.at) continue;
      if (rep.valid) told.valid += 1;
      else told.partial += 1;
      if (!told.last || rep.counted_s > told.last.counted_s) told.last = rep;
    }
    return told;
  }

  // The sides that were counted, or seen, in this recording.
  sides(courses) {
    const known = new Set(courses.map((one) => one.side));
    for (const rep of this.timeline.repetitions) known.add(rep.side);
    return ["left", "right", null].filter((side) => known.has(side));
  }
}
