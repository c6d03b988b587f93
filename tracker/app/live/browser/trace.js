// The last seconds of both legs with the repetitions on them, drawn on a canvas when something new came.

export const SHOWN_S = 15;
const KEPT_POINTS = 1200;
const LEAST_SPAN_DEG = 30;
const ROOM = { top: 14, bottom: 18, start: 44, end: 10 };

export class Trace {
  constructor() {
    this.clear();
  }

  clear() {
    this.legs = {};
    this.marks = [];
    this.newest = 0;
    this.clock = 0;
    this.hasZero = false;
  }

  // Without a reference pose angles have no zero: the course is shown, and no numbers. What came before it goes.
  takeZero(hasZero, isWhole) {
    if (hasZero && !this.hasZero && !isWhole) this.legs = {};
    this.hasZero = hasZero;
  }

  add(side, points) {
    const line = (this.legs[side] ??= []);
    for (const point of points) {
      line.push(point);
      if (point[0] > this.newest) this.newest = point[0];
    }
    if (line.length > KEPT_POINTS) line.splice(0, line.length - KEPT_POINTS);
  }

  mark(side, time, valid) {
    this.marks.push({ side, time, valid });
    if (this.marks.length > 60) this.marks.shift();
  }

  draw(canvas, look) {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const paint = canvas.getContext("2d");
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint.clearRect(0, 0, width, height);
    const scale = this.scale(width, height);
    this.grid(paint, scale, width, height, look);
    for (const [side, line] of Object.entries(this.legs)) this.line(paint, scale, side, line, look);
    for (const mark of this.marks) this.drawMark(paint, scale, mark, look);
  }

  scale(width, height) {
    const from = Math.max(this.newest, this.clock) - SHOWN_S;
    let low = Infinity;
    let high = -Infinity;
    for (const line of Object.values(this.legs))
      for (const [time, value] of line)
        if (time >= from && value !== null) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    if (low > high) [low, high] = [-LEAST_SPAN_DEG / 2, LEAST_SPAN_DEG / 2];
    const lacking = Math.max(0, LEAST_SPAN_DEG - (high - low)) / 2;
    low = Math.floor((low - lacking) / 10) * 10;
    high = Math.ceil((high + lacking) / 10) * 10;
    const wide = width - ROOM.start - ROOM.end;
    const tall = height - ROOM.top - ROOM.bottom;
    return {
      from,
      low,
      high,
      x: (time) => ROOM.start + ((time - from) / SHOWN_S) * wide,
      y: (value) => ROOM.top + ((high - value) / (high - low)) * tall,
    };
  }

  grid(paint, scale, width, height, look) {
    paint.font = "13px system-ui, sans-serif";
    paint.textBaseline = "middle";
    paint.textAlign = "end";
    paint.direction = "ltr";
    const step = scale.high - scale.low > 60 ? 20 : 10;
    for (let value = Math.ceil(scale.low / step) * step; value <= scale.high; value += step) {
      const y = scale.y(value);
      paint.strokeStyle = look.line;
      paint.lineWidth = this.hasZero && value === 0 ? 2 : 1;
      paint.beginPath();
      paint.moveTo(ROOM.start, y);
      paint.lineTo(width - ROOM.end, y);
      paint.stroke();
      paint.fillStyle = look.soft;
      if (this.hasZero) paint.fillText(look.number(value), ROOM.start - 6, y);
    }
  }

  // The right leg is dashed: colour is never the only difference.
  line(paint, scale, side, line, look) {
    paint.strokeStyle = look[side] ?? look.ink;
    paint.lineWidth = 2.5;
    paint.setLineDash(side === "right" ? [7, 4] : []);
    paint.beginPath();
    let drawn = false;
    for (const [time, value] of line) {
      if (time < scale.from) continue;
      if (value === null) drawn = false;
      else {
        if (drawn) paint.lineTo(scale.x(time), scale.y(value));
        else paint.moveTo(scale.x(time), scale.y(value));
        drawn = true;
      }
    }
    paint.stroke();
    paint.setLineDash([]);
  }

  // One that counts is a filled triangle, a partial one an empty circle.
  drawMark(paint, scale, mark, look) {
    if (mark.time < scale.from) return;
    const x = scale.x(mark.time);
    const y = mark.side === "right" ? ROOM.top - 2 : ROOM.top + 12;
    paint.strokeStyle = paint.fillStyle = look[mark.side] ?? look.ink;
    paint.lineWidth = 2;
    paint.beginPath();
    if (mark.valid) {
      paint.moveTo(x - 6, y - 6);
      paint.lineTo(x + 6, y - 6);
      paint.lineTo(x, y + 5);
      paint.closePath();
      paint.fill();
    } else {
      paint.arc(x, y, 5, 0, 7);
      paint.stroke();
    }
  }
}

export function lookOf(element, language) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    left: colour("left"),
    right: colour("right"),
    number: (value) => `${format.format(value)}°`,
  };
}
