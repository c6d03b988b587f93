// Draws a stretch of a recording: phases as bands, both legs' courses, repetitions, rest tests, gaps.

import { firstAfter } from "./courses.js";
import { Lanes } from "./lanes.js";
import { clock, fill, number } from "./numbers.js";

const FONT = "13px system-ui, 'Noto Sans', 'Noto Sans KR', 'Noto Sans Arabic', sans-serif";
const ROOM = { start: 50, end: 12, top: 26, axis: 24, lane: 20, above_lanes: 10 };
const LEAST_SPAN_DEG = 20;
const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const DASHES = { left: [], right: [7, 4], null: [2, 3] };
const NAMES = ["paper", "card", "ink", "soft", "line", "mark", "good", "care", "bad", "left", "right"];

// The colours of the page as it looks now.
export function lookOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export class Plot {
  constructor(canvas, over) {
    this.canvas = canvas;
    this.over = over;
    this.width = 0;
    this.height = 0;
  }

  // Gives both layers the size that they have on the screen; says whether there is anything to draw on.
  fit() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    for (const layer of [this.canvas, this.over]) {
      const [wide, tall] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
      if (layer.width !== wide || layer.height !== tall) {
        layer.width = wide;
        layer.height = tall;
      }
      layer.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return this.width > 0 && this.height > 0;
  }

  draw(span, timeline, courses, sides, texts, look) {
    if (!this.fit()) return;
    const paint = this.canvas.getContext("2d");
    paint.clearRect(0, 0, this.width, this.height);
    paint.font = FONT;
    paint.direction = "ltr";
    this.sides = sides;
    this.span = { from: span.from, until: span.until };
    this.lanesAt = this.height - ROOM.axis - ROOM.lane * sides.length;
    this.bottom = this.lanesAt - ROOM.above_lanes;
    this.scaleFor(timeline, courses);
    this.lanes = new Lanes(this, timeline, sides);
    this.bands(paint, timeline, texts, look);
    this.grid(paint, texts, look);
    this.gaps(paint, timeline, look);
    this.rests(paint, timeline, look);
    for (const course of courses) this.course(paint, course, look);
    this.lanes.draw(paint, texts, look);
    this.notices(paint, timeline, look);
  }

  get inner() {
    return this.width - ROOM.start - ROOM.end;
  }

  x(time) {
    return ROOM.start + ((time - this.span.from) / (this.span.until - this.span.from)) * this.inner;
  }

  time(x) {
    return this.span.from + ((x - ROOM.start) / this.inner) * (this.span.until - this.span.from);
  }

  y(value) {
    return ROOM.top + ((this.high - value) / (this.high - this.low)) * (this.bottom - ROOM.top);
  }

  get laneTop() {
    return this.lanesAt;
  }

  get laneHeight() {
    return ROOM.lane;
  }

  isInside(time) {
    return time >= this.span.from && time <= this.span.until;
  }

  colour(side, look) {
    return { left: look.left, right: look.right }[side] ?? look.ink;
  }

  scaleFor(timeline, courses) {
    let low = Infinity;
    let high = -Infinity;
    for (const course of courses) {
      const first = Math.max(0, firstAfter(course.time_s, this.span.from) - 1);
      const last = firstAfter(course.time_s, this.span.until);
      for (let place = first; place < last; place += 1) {
        const value = course.hip_rotation_deg[place];
        if (value === null) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    for (const test of timeline.rest_tests) {
      if (test.hip_rotation_deg === null || test.end_s < this.span.from || test.start_s > this.span.until) continue;
      low = Math.min(low, test.hip_rotation_deg - (test.uncertainty_deg ?? 0));
      high = Math.max(high, test.hip_rotation_deg + (test.uncertainty_deg ?? 0));
    }
    if (low > high) [low, high] = [-LEAST_SPAN_DEG / 2, LEAST_SPAN_DEG / 2];
    const lacking = Math.max(0, LEAST_SPAN_DEG - (high - low)) / 2;
    const step = this.degreeStep(high - low + 2 * lacking);
    this.low = Math.floor((low - lacking) / step) * step;
    this.high = Math.ceil((high + lacking) / step) * step;
  }

  degreeStep(span) {
    return [5, 10, 20, 30, 60].find((step) => span / step <= 7) ?? 90;
  }

  bands(paint, timeline, texts, look) {
    const colours = { set: look.mark, demonstration: look.mark, rest: look.good, donning: look.care };
    const shown = timeline.phases.length ? timeline.phases : timeline.sets.map(asPhase);
    let labelled = -Infinity;
    for (const phase of shown) {
      if (phase.end_s < this.span.from || phase.start_s > this.span.until) continue;
      const from = Math.max(ROOM.start, this.x(phase.start_s));
      const until = Math.min(this.width - ROOM.end, this.x(phase.end_s));
      const colour = colours[phase.kind] ?? look.soft;
      paint.fillStyle = colour;
      paint.globalAlpha = 0.13;
      paint.fillRect(from, 2, Math.max(1, until - from), this.bottom - 2);
      paint.globalAlpha = 1;
      paint.fillRect(from, 2, Math.max(1.5, until - from), 3);
      const label = labelOf(phase, timeline, texts);
      const start = Math.max(from, labelled);
      if (this.labelEnd(phase, shown) - start > paint.measureText(label).width + 6) {
        paint.fillStyle = look.ink;
        paint.textAlign = "left";
        paint.textBaseline = "middle";
        paint.fillText(label, start + 3, 15);
        labelled = start + paint.measureText(label).width + 8;
      }
    }
  }

  // A name may reach out of a short phase into what belongs to none, up to the next one.
  labelEnd(phase, shown) {
    const next = shown.find((one) => one.start_s >= phase.end_s);
    return Math.min(this.width - ROOM.end, next ? this.x(next.start_s) : Infinity);
  }

  grid(paint, texts, look) {
    paint.strokeStyle = look.line;
    paint.fillStyle = look.soft;
    paint.lineWidth = 1;
    paint.textAlign = "right";
    paint.textBaseline = "middle";
    const step = this.degreeStep(this.high - this.low);
    for (let value = this.low; value <= this.high; value += step) {
      const y = Math.round(this.y(value)) + 0.5;
      paint.globalAlpha = value === 0 ? 1 : 0.6;
      paint.beginPath();
      paint.moveTo(ROOM.start, y);
      paint.lineTo(this.width - ROOM.end, y);
      paint.stroke();
      paint.globalAlpha = 1;
      paint.fillText(`${number(texts.language, value)}°`, ROOM.start - 6, Math.max(ROOM.top + 4, y));
    }
    paint.textBaseline = "alphabetic";
    paint.textAlign = "center";
    const seconds = this.span.until - this.span.from;
    const tick = NICE.find((one) => (one / seconds) * this.inner >= 70) ?? 7200;
    for (let at = Math.ceil(this.span.from / tick) * tick; at <= this.span.until; at += tick) {
      const x = Math.round(this.x(at)) + 0.5;
      paint.beginPath();
      paint.moveTo(x, this.height - ROOM.axis);
      paint.lineTo(x, this.height - ROOM.axis + 5);
      paint.stroke();
      paint.fillText(clock(at), Math.min(x, this.width - 20), this.height - 5);
    }
  }

  // Where samples are missing: hatched, so that nobody takes it for a leg that lay still.
  gaps(paint, timeline, look) {
    paint.strokeStyle = look.bad;
    paint.lineWidth = 1;
    for (const gap of timeline.gaps) {
      if (gap.end_s < this.span.from || gap.start_s > this.span.until) continue;
      const from = Math.max(ROOM.start, this.x(gap.start_s));
      const wide = Math.max(2, Math.min(this.width - ROOM.end, this.x(gap.end_s)) - from);
      paint.save();
      paint.beginPath();
      paint.rect(from, ROOM.top, wide, this.bottom - ROOM.top);
      paint.clip();
      paint.globalAlpha = 0.55;
      paint.beginPath();
      for (let x = from - this.bottom; x < from + wide; x += 7) {
        paint.moveTo(x, this.bottom);
        paint.lineTo(x + this.bottom, 0);
      }
      paint.stroke();
      paint.restore();
    }
  }

  rests(paint, timeline, look) {
    for (const test of timeline.rest_tests) {
      if (test.end_s < this.span.from || test.start_s > this.span.until) continue;
      if (test.hip_rotation_deg === null) continue;
      const from = Math.max(ROOM.start, this.x(test.start_s));
      const until = Math.min(this.width - ROOM.end, this.x(test.end_s));
      paint.fillStyle = this.colour(test.side, look);
      paint.globalAlpha = 0.28;
      const top = this.y(test.hip_rotation_deg + (test.uncertainty_deg ?? 0));
      const low = this.y(test.hip_rotation_deg - (test.uncertainty_deg ?? 0));
      paint.fillRect(from, top, Math.max(2, until - from), Math.max(2, low - top));
      paint.globalAlpha = 1;
    }
  }

  course(paint, course, look) {
    const { time_s: times, hip_rotation_deg: values } = course;
    const first = Math.max(0, firstAfter(times, this.span.from) - 2);
    const last = Math.min(times.length, firstAfter(times, this.span.until) + 2);
    paint.save();
    paint.beginPath();
    paint.rect(ROOM.start, ROOM.top, this.inner, this.bottom - ROOM.top);
    paint.clip();
    paint.strokeStyle = this.colour(course.side, look);
    // Where many movements share a few columns, the leg that is drawn first must still be seen.
    const dense = (last - first) / this.inner > 1.2;
    paint.lineWidth = dense ? 1.1 : 1.8;
    paint.globalAlpha = dense ? 0.8 : 1;
    paint.lineJoin = "round";
    paint.setLineDash(DASHES[course.side] ?? []);
    paint.beginPath();
    let drawing = false;
    for (let place = first; place < last; place += 1) {
      const value = values[place];
      if (value === null) drawing = false;
      else if (drawing) paint.lineTo(this.x(times[place]), this.y(value));
      else {
        paint.moveTo(this.x(times[place]), this.y(value));
        drawing = true;
      }
    }
    paint.stroke();
    paint.restore();
  }

  notices(paint, timeline, look) {
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    for (const notice of timeline.notices) {
      if (!this.isInside(notice.time_s)) continue;
      const x = this.x(notice.time_s);
      paint.fillStyle = look.care;
      paint.beginPath();
      paint.arc(x, ROOM.top + 9, 8, 0, 2 * Math.PI);
      paint.fill();
      paint.fillStyle = look.paper;
      paint.fillText("!", x, ROOM.top + 9.5);
    }
  }

  // The moving time line, and where both legs are at it.
  drawNow(at, angles, look) {
    const paint = this.over.getContext("2d");
    paint.clearRect(0, 0, this.width, this.height);
    if (!this.span || !this.isInside(at)) return;
    const x = this.x(at);
    paint.strokeStyle = look.ink;
    paint.lineWidth = 2;
    paint.beginPath();
    paint.moveTo(x, 0);
    paint.lineTo(x, this.height - ROOM.axis);
    paint.stroke();
    for (const { side, value } of angles) {
      if (value === null) continue;
      paint.fillStyle = this.colour(side, look);
      paint.strokeStyle = look.paper;
      paint.beginPath();
      paint.arc(x, this.y(value), 5.5, 0, 2 * Math.PI);
      paint.fill();
      paint.stroke();
    }
  }
}

function asPhase(set) {
  return { kind: "set", start_s: set.start_s, end_s: set.end_s };
}

export function labelOf(phase, timeline, texts) {
  const set = phase.kind === "set" && timeline.sets.find((one) => Math.abs(one.start_s - phase.start_s) < 0.01);
  return set ? fill(texts.set, { number: number(texts.language, set.number) }) : (texts.kinds[phase.kind] ?? phase.kind);
}
