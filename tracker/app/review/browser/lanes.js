// A lane for each leg with its repetitions: a filled triangle counts, an open diamond does not.

const SIZE = 5.5;
const REACH = 9;
const CLOSE_PX = 9;
const ROOMY_PX = 16;

export class Lanes {
  constructor(plot, timeline, sides) {
    this.plot = plot;
    this.sides = sides;
    this.shown = timeline.repetitions.filter((rep) => plot.isInside(rep.peak_s));
    this.tests = timeline.rest_tests.filter((test) => plot.isInside((test.start_s + test.end_s) / 2));
    this.notices = timeline.notices.filter((notice) => plot.isInside(notice.time_s));
    this.gaps = timeline.gaps;
    this.peaks = new Map();
  }

  laneY(side) {
    return this.plot.laneTop + (this.sides.indexOf(side) + 0.5) * this.plot.laneHeight;
  }

  draw(paint, texts, look) {
    const { plot } = this;
    paint.textBaseline = "middle";
    paint.textAlign = "right";
    for (const side of this.sides) {
      const y = this.laneY(side);
      paint.fillStyle = plot.colour(side, look);
      paint.fillText(texts.letters[side] ?? "", plot.x(plot.span.from) - 6, y);
      paint.strokeStyle = look.line;
      paint.lineWidth = 1;
      paint.beginPath();
      paint.moveTo(plot.x(plot.span.from), plot.laneTop + this.sides.indexOf(side) * plot.laneHeight);
      paint.lineTo(plot.x(plot.span.until), plot.laneTop + this.sides.indexOf(side) * plot.laneHeight);
      paint.stroke();
      this.repetitions(paint, side, y, look);
    }
    for (const test of this.tests) if (test.refused) this.refused(paint, test, look);
  }

  repetitions(paint, side, y, look) {
    const own = this.shown.filter((rep) => rep.side === side);
    const step = nearest(own.map((rep) => this.plot.x(rep.peak_s)));
    const colour = this.plot.colour(side, look);
    for (const rep of own) {
      const x = this.plot.x(rep.peak_s);
      if (step < CLOSE_PX) tick(paint, x, y, rep.valid, colour);
      else shape(paint, x, y, rep.valid, colour, look.paper);
      if (step >= ROOMY_PX) this.extent(paint, rep, y, colour);
    }
  }

  // From where to where the movement was.
  extent(paint, rep, y, colour) {
    paint.strokeStyle = colour;
    paint.lineWidth = 1.5;
    paint.beginPath();
    paint.moveTo(this.plot.x(rep.start_s), y + 7);
    paint.lineTo(this.plot.x(rep.end_s), y + 7);
    paint.stroke();
  }

  refused(paint, test, look) {
    const x = this.plot.x((test.start_s + test.end_s) / 2);
    const y = this.laneY(test.side);
    paint.strokeStyle = look.bad;
    paint.lineWidth = 2;
    paint.beginPath();
    paint.moveTo(x - 4, y - 4);
    paint.lineTo(x + 4, y + 4);
    paint.moveTo(x + 4, y - 4);
    paint.lineTo(x - 4, y + 4);
    paint.stroke();
  }

  // What lies under a pointer, or null.
  under(x, y) {
    const { plot } = this;
    const inLanes = y >= plot.laneTop;
    const side = inLanes ? this.sides[Math.floor((y - plot.laneTop) / plot.laneHeight)] : undefined;
    let best = null;
    let reach = REACH;
    for (const rep of this.shown) {
      if (inLanes && rep.side !== side) continue;
      const away = Math.abs(plot.x(rep.peak_s) - x);
      if (inLanes && away < reach) [best, reach] = [{ kind: "repetition", one: rep }, away];
    }
    if (best) return best;
    const at = plot.time(x);
    const notice = this.notices.find((one) => Math.abs(plot.x(one.time_s) - x) < REACH && y < plot.laneTop);
    if (notice && y < 50) return { kind: "notice", one: notice };
    const test = this.tests.find((one) => one.start_s <= at && at <= one.end_s && (!inLanes || one.side === side));
    if (test) return { kind: "rest", all: this.tests.filter((one) => one.start_s <= at && at <= one.end_s) };
    const gap = this.gaps.find((one) => one.start_s <= at && at <= one.end_s);
    return gap ? { kind: "gap", one: gap } : null;
  }
}

function nearest(places) {
  let least = Infinity;
  for (let place = 1; place < places.length; place += 1)
    least = Math.min(least, Math.abs(places[place] - places[place - 1]));
  return least;
}

function tick(paint, x, y, valid, colour) {
  paint.strokeStyle = colour;
  paint.lineWidth = 1.5;
  paint.beginPath();
  if (valid) {
    paint.moveTo(x, y - 7);
    paint.lineTo(x, y + 7);
  } else {
    paint.moveTo(x - 2.5, y - 2.5);
    paint.lineTo(x + 2.5, y + 2.5);
    paint.moveTo(x + 2.5, y - 2.5);
    paint.lineTo(x - 2.5, y + 2.5);
  }
  paint.stroke();
}

function shape(paint, x, y, valid, colour, paper) {
  paint.beginPath();
  if (valid) {
    paint.moveTo(x, y - SIZE);
    paint.lineTo(x + SIZE, y + SIZE * 0.8);
    paint.lineTo(x - SIZE, y + SIZE * 0.8);
  } else {
    paint.moveTo(x, y - SIZE);
    paint.lineTo(x + SIZE, y);
    paint.lineTo(x, y + SIZE);
    paint.lineTo(x - SIZE, y);
  }
  paint.closePath();
  paint.fillStyle = valid ? colour : paper;
  paint.strokeStyle = colour;
  paint.lineWidth = 1.6;
  paint.fill();
  paint.stroke();
}
