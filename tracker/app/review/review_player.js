import { Courses, Fetcher, Plot, Replay, Span, labelOf, lookOf, numbers } from "tracker-review";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const CALM_MS = 250;
const TEXT_MS = 100;
const ZOOM = 2;
const DRAG_PX = 5;
const CHUNK_POINTS = 3000;

const empty = { duration_s: 0, phases: [], sets: [], repetitions: [], rest_tests: [], gaps: [], notices: [] };

export default {
  props: { address: String, texts: Object },
  emits: ["refused"],
  data() {
    return {
      share: 0,
      complete: false,
      failed: false,
      playing: false,
      speed: 1,
      at: 0,
      end: 0,
      legs: [],
      phase: "",
      isWhole: true,
      nothingSeen: false,
    };
  },
  computed: {
    speeds: () => SPEEDS,
    clockText() {
      return `${numbers.clock(this.at)} / ${numbers.clock(this.end)}`;
    },
    timeText() {
      const legs = this.legs.map((leg) => `${leg.name}: ${leg.spoken}`);
      return [this.clockText, this.phase, ...legs].filter(Boolean).join(", ");
    },
  },
  created() {
    this.replay = new Replay();
    this.span = new Span();
    this.courses = new Courses();
    this.timeline = empty;
    this.frame = 0;
  },
  mounted() {
    this.plot = new Plot(this.$refs.canvas, this.$refs.over);
    this.fetcher = new Fetcher(this.address, (told) => this.refuse(told));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.recolour = () => this.redraw();
    this.dark.addEventListener("change", this.recolour);
    this.themes = new MutationObserver(this.recolour);
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
    this.sizes = new ResizeObserver(() => this.redraw());
    this.sizes.observe(this.$refs.canvas);
    this.onSeek = (event) => this.seekFrom(event);
    document.addEventListener("click", this.onSeek);
    this.fetcher.timeline(this.points(), (news) => this.take(news));
  },
  unmounted() {
    cancelAnimationFrame(this.frame);
    this.fetcher.end();
    this.themes.disconnect();
    this.sizes.disconnect();
    this.dark.removeEventListener("change", this.recolour);
    document.removeEventListener("click", this.onSeek);
  },
  methods: {
    points() {
      return Math.round(Math.min(6000, Math.max(800, this.$refs.canvas.clientWidth * 2)));
    },
    take(news) {
      this.share = news.share;
      this.timeline = news;
      this.replay.setTimeline(news);
      this.courses.setOverview(news.courses);
      this.span.setEnd(news.duration_s);
      this.end = news.duration_s;
      this.complete = news.complete;
      this.nothingSeen = news.complete && !news.courses.some((one) => one.time_s.length);
      this.redraw();
      if (news.courses.some((one) => one.time_s.length)) performance.mark("review-picture");
      if (news.complete) performance.mark("review-complete");
    },
    refuse(told) {
      this.failed = true;
      this.$emit("refused", told);
    },
    redraw() {
      this.look = lookOf(this.$el);
      const sides = this.replay.sides(this.courses.overview);
      const seen = this.courses.of(this.span.from, this.span.until);
      this.plot.draw(this.span, this.timeline, seen, sides, this.texts, this.look);
      this.isWhole = this.span.isWhole;
      this.drawNow(true);
    },
    drawNow(withTexts) {
      const { at } = this.replay;
      const sides = this.replay.sides(this.courses.overview);
      const angles = sides.map((side) => ({ side, value: this.courses.at(side, at) }));
      this.plot.drawNow(at, angles, this.look);
      const now = performance.now();
      if (!withTexts && now - (this.textsAt ?? 0) < TEXT_MS) return;
      this.textsAt = now;
      this.at = at;
      this.phase = this.phaseText();
      this.legs = angles.map(({ side, value }) => this.leg(side, value));
    },
    phaseText() {
      const { phase, set } = this.replay;
      if (phase && phase.kind !== "set") return this.texts.kinds[phase.kind] ?? phase.kind;
      if (!set || (!phase && this.replay.at >= set.end_s)) return "";
      return `${this.setName(set.number)} · ${this.texts.exercises[set.exercise] ?? set.exercise}`;
    },
    setName(number) {
      return numbers.fill(this.texts.set, { number: numbers.number(this.texts.language, number) });
    },
    leg(side, value) {
      const count = this.replay.count(side);
      const angle = value === null ? this.texts.not_seen : numbers.angle(this.texts, value);
      const valid = numbers.number(this.texts.language, count.valid);
      const partial = numbers.number(this.texts.language, count.partial);
      const spoken = `${angle}, ${numbers.fill(this.texts.counted, { valid, partial })}`;
      return { side, name: this.texts.legs[side] ?? this.texts.legs.none, angle, valid, partial, spoken };
    },
    fetchFiner() {
      if (this.span.isWhole || !this.complete) return;
      const { from, until, seconds } = this.span;
      const [low, high] = [Math.max(0, from - seconds / 2), Math.min(this.end, until + seconds / 2)];
      this.fetcher.soon(low, high, 2 * this.points(), (...found) => {
        this.courses.add(...found);
        this.redraw();
      });
    },
    fetchAhead() {
      if (!this.complete) return;
      for (const at of [this.replay.at, this.replay.at + 4 * this.replay.speed]) {
        if (at > this.end) continue;
        const { from, until } = this.courses.chunk(at);
        if (this.courses.has(from, until)) continue;
        this.fetcher.once(from, until, CHUNK_POINTS, (...found) => this.courses.add(...found));
      }
    },
    moved() {
      this.redraw();
      this.fetchFiner();
    },
    toggle() {
      this.replay.toggle();
      this.playing = this.replay.playing;
      this.last = performance.now();
      if (this.playing) this.frame = requestAnimationFrame((now) => this.tick(now));
    },
    tick(now) {
      const passed = now - this.last;
      if (!this.calm.matches || passed >= CALM_MS) {
        this.last = now;
        this.playing = this.replay.go(Math.min(0.5, passed / 1000));
        this.fetchAhead();
        if (this.span.follow(this.replay.at)) this.moved();
        else this.drawNow(!this.playing);
      }
      if (this.playing) this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    setSpeed(value) {
      this.speed = this.replay.speed = Number(value);
    },
    seek(at) {
      this.replay.seek(at);
      if (at < this.span.from || at > this.span.until) {
        this.span.show(this.replay.at - this.span.seconds / 2, this.span.seconds);
        this.moved();
      } else this.drawNow(true);
      this.fetchAhead();
    },
    step(direction) {
      this.replay.step(direction);
      this.seek(this.replay.at);
    },
    zoom(factor, centre) {
      this.span.zoom(factor, centre ?? this.focus());
      this.moved();
    },
    focus() {
      const { at } = this.replay;
      return at >= this.span.from && at <= this.span.until ? at : (this.span.from + this.span.until) / 2;
    },
    whole() {
      this.span.whole();
      this.moved();
    },
    // A time somewhere on the page that leads here: `<button data-seek="12.3">`.
    seekFrom(event) {
      const place = event.target.closest?.("[data-seek]");
      if (!place) return;
      const at = Number(place.dataset.seek);
      if (this.span.seconds > 40) this.span.show(at - 8, Math.min(30, this.end));
      this.seek(at);
      this.moved();
      this.$refs.picture.focus({ preventScroll: true });
      this.$el.scrollIntoView({ block: "nearest" });
    },
    press(event) {
      const typed = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
      if (event.altKey || event.ctrlKey || event.metaKey || typed) return;
      const onButton = event.target.tagName === "BUTTON";
      const wide = this.span.seconds;
      const by = event.shiftKey ? 10 : 1;
      const actions = {
        " ": onButton ? null : () => this.toggle(),
        ArrowLeft: () => this.seek(this.replay.at - by),
        ArrowRight: () => this.seek(this.replay.at + by),
        ArrowUp: () => this.zoom(ZOOM),
        ArrowDown: () => this.zoom(1 / ZOOM),
        "+": () => this.zoom(ZOOM),
        "-": () => this.zoom(1 / ZOOM),
        0: () => this.whole(),
        PageUp: () => (this.span.move(-wide), this.moved()),
        PageDown: () => (this.span.move(wide), this.moved()),
        Home: () => this.seek(0),
        End: () => this.seek(this.end),
      };
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    },
    down(event) {
      if (event.button) return;
      this.drag = { x: event.offsetX, from: this.span.from, moved: false };
      this.$refs.picture.setPointerCapture(event.pointerId);
    },
    move(event) {
      if (this.drag && (this.drag.moved || Math.abs(event.offsetX - this.drag.x) > DRAG_PX)) {
        this.drag.moved = true;
        const seconds = ((event.offsetX - this.drag.x) / this.plot.inner) * this.span.seconds;
        this.span.show(this.drag.from - seconds, this.span.seconds);
        this.hideTip();
        this.moved();
      } else if (!this.drag) this.tip(event.offsetX, event.offsetY);
    },
    up(event) {
      const drag = this.drag;
      this.drag = null;
      if (!drag || drag.moved || event.type === "pointercancel") return;
      this.seek(this.plot.time(event.offsetX));
      this.tip(event.offsetX, event.offsetY);
    },
    wheel(event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 200), this.plot.time(event.offsetX));
    },
    hideTip() {
      this.$refs.tip.hidden = true;
    },
    tip(x, y) {
      const tip = this.$refs.tip;
      const at = this.plot.span ? this.plot.time(x) : -1;
      if (at < this.span.from || at > this.span.until) return this.hideTip();
      tip.replaceChildren(
        ...this.tipLines(x, y, at).map((line) => {
          const row = document.createElement("div");
          row.textContent = line;
          return row;
        }),
      );
      tip.hidden = false;
      const wide = this.plot.width;
      tip.style.left = `${Math.min(Math.max(4, x + 14), Math.max(4, wide - tip.offsetWidth - 4))}px`;
      tip.style.top = `${Math.max(4, Math.min(y - tip.offsetHeight - 12, this.plot.height))}px`;
    },
    tipLines(x, y, at) {
      const found = this.plot.lanes?.under(x, y);
      const { texts } = this;
      if (found?.kind === "repetition") return this.repetitionLines(found.one);
      if (found?.kind === "notice") return [numbers.clock(found.one.time_s), texts.told[found.one.text] ?? found.one.text];
      if (found?.kind === "rest") return [texts.kinds.rest, ...found.all.map((one) => this.restLine(one))];
      const phase = this.replay.phaseAt(at);
      const lines = [numbers.clock(at), ...(phase ? [labelOf(phase, this.timeline, texts)] : [])];
      for (const side of this.replay.sides(this.courses.overview)) {
        const value = this.courses.of(this.span.from, this.span.until) && this.courses.at(side, at);
        const angle = value === null ? texts.not_seen : numbers.angle(texts, value, 1);
        lines.push(`${texts.legs[side] ?? texts.legs.none}: ${angle}`);
      }
      if (found?.kind === "gap") lines.push(numbers.fill(texts.gap, { count: numbers.number(texts.language, found.one.missing) }));
      return lines;
    },
    repetitionLines(rep) {
      const { texts } = this;
      const rom = rep.rom_deg === null ? texts.no_range : `\u2066${numbers.number(texts.language, rep.rom_deg, 1)}°\u2069`;
      return [
        `${this.setName(rep.set_number)} · ${texts.legs[rep.side] ?? texts.legs.none}`,
        numbers.fill(rep.valid ? texts.valid : texts.partial, { number: numbers.number(texts.language, rep.number) }),
        numbers.fill(texts.range, { angle: rom }),
        ...rep.reasons.map((reason) => texts.told[reason] ?? reason),
      ];
    },
    restLine(test) {
      const name = this.texts.legs[test.side];
      if (test.hip_rotation_deg === null) return `${name}: ${this.texts.told[test.refused] ?? test.refused}`;
      const error = `\u2066± ${numbers.number(this.texts.language, test.uncertainty_deg ?? 0, 1)}°\u2069`;
      return `${name}: ${numbers.angle(this.texts, test.hip_rotation_deg, 1)} ${error}`;
    },
  },
  template: `
    <div class="review" @keydown="press">
      <div v-if="!complete && !failed" class="row" role="status">
        <span>{{ texts.measuring }}</span>
        <progress :value="share" max="1" :aria-label="texts.measuring"></progress>
      </div>
      <p v-if="nothingSeen" class="card notice">{{ texts.nothing_seen }}</p>
      <div class="review-now">
        <div v-for="leg in legs" :key="leg.side" class="review-leg" :class="leg.side">
          <span class="review-name"><svg viewBox="0 0 34 8" aria-hidden="true">
            <line x1="1" y1="4" x2="33" y2="4" stroke="currentColor" stroke-width="3"
              :stroke-dasharray="leg.side === 'right' ? '7 4' : ''" /></svg>{{ leg.name }}</span>
          <span class="review-angle">{{ leg.angle }}</span>
          <span class="review-count"><b>{{ leg.valid }}</b> {{ texts.valid_short }}</span>
          <span class="review-count"><b>{{ leg.partial }}</b> {{ texts.partial_short }}</span>
        </div>
        <p class="review-phase">{{ phase }}</p>
      </div>
      <div ref="picture" class="review-picture" dir="ltr" tabindex="0" role="group" :aria-label="texts.picture"
        @pointerdown="down" @pointermove="move" @pointerup="up" @pointercancel="up" @pointerleave="hideTip"
        @wheel="wheel">
        <canvas ref="canvas" aria-hidden="true"></canvas>
        <canvas ref="over" aria-hidden="true"></canvas>
        <div ref="tip" class="review-tip" :dir="texts.direction" hidden></div>
      </div>
      <input class="review-time" type="range" dir="ltr" min="0" :max="end" step="0.1" :value="at"
        :aria-label="texts.time" :aria-valuetext="timeText" :disabled="!end"
        @input="seek(Number($event.target.value))">
      <div class="review-steer">
        <button type="button" class="main-action review-play" :disabled="!complete" @click="toggle">
          {{ playing ? texts.pause : texts.play }}</button>
        <label>{{ texts.speed }}
          <select :value="speed" @change="setSpeed($event.target.value)">
            <option v-for="one in speeds" :key="one" :value="one" dir="ltr">{{ one }}×</option>
          </select></label>
        <span class="review-clock" dir="ltr">{{ clockText }}</span>
        <button type="button" :disabled="!complete" @click="step(-1)">{{ texts.before }}</button>
        <button type="button" :disabled="!complete" @click="step(1)">{{ texts.next }}</button>
        <button type="button" :aria-label="texts.zoom_in" @click="zoom(2)">+</button>
        <button type="button" :aria-label="texts.zoom_out" :disabled="isWhole" @click="zoom(0.5)">−</button>
        <button type="button" :disabled="isWhole" @click="whole">{{ texts.whole }}</button>
      </div>
      <details><summary>{{ texts.how_title }}</summary><p class="soft">{{ texts.how }}</p><p class="soft">{{ texts.keys }}</p></details>
    </div>`,
};
