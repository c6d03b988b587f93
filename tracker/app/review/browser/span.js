// The stretch of time that is in the picture.

const LEAST_S = 2;
const FOLLOW_SHARE = 0.1;

export class Span {
  constructor() {
    this.end = 1;
    this.whole();
  }

  setEnd(end) {
    const wasWhole = this.isWhole;
    this.end = Math.max(LEAST_S, end);
    if (wasWhole) this.whole();
  }

  whole() {
    this.from = 0;
    this.until = this.end;
  }

  get isWhole() {
    return this.from <= 0 && this.until >= this.end;
  }

  get seconds() {
    return this.until - this.from;
  }

  show(from, seconds) {
    const wide = Math.min(this.end, Math.max(LEAST_S, seconds));
    this.from = Math.min(Math.max(0, from), this.end - wide);
    this.until = this.from + wide;
  }

  zoom(factor, centre) {
    const share = (centre - this.from) / this.seconds;
    const seconds = Math.min(this.end, Math.max(LEAST_S, this.seconds / factor));
    this.show(centre - share * seconds, seconds);
  }

  move(seconds) {
    this.show(this.from + seconds, this.seconds);
  }

  // Turns the page when an instant leaves the picture; says whether it did.
  follow(at) {
    if (this.isWhole || (at >= this.from && at <= this.until - 0.02 * this.seconds)) return false;
    if (at > this.until && this.until >= this.end) return false;
    const before = this.from;
    this.show(at - FOLLOW_SHARE * this.seconds, this.seconds);
    return this.from !== before;
  }
}
