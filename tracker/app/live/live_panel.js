import { Leg, Scale, Sensors, Tempo, Trace, keep, keepAwake, lookOf, newOnes, sounds } from "tracker-live";

const FLASH_MS = 700;
const SAY_AGAIN_MS = 1500;
const KEYS = { Escape: "stop", " ": "pause", u: "take_back", n: "skip", r: "repeat" };

function empty() {
  return {
    session: { stage: "idle", run: "", on: false },
    step: null,
    countdown: null,
    sensors: [],
    alarms: [],
    legs: [],
    tests: [],
    sets: [],
    notes: [],
    asked: { set_number: null, title: "", repeat: false, finish: false },
  };
}

export default {
  props: { texts: Object, language: String },
  emits: ["steer"],
  components: { Leg, Scale, Sensors, Tempo },
  data() {
    return {
      ...empty(),
      flashes: {},
      felt: {},
      switches: sounds.switches(),
      open: sounds.isOpen(),
      online: true,
      told: "",
    };
  },
  created() {
    this.trace = new Trace();
    this.lastSide = undefined;
    this.troubled = new Set();
    this.timers = {};
    this.most = 0;
  },
  mounted() {
    this.unwatch = sounds.watchOpen((open) => (this.open = open));
    this.onKey = (event) => this.press(event);
    addEventListener("keydown", this.onKey);
    this.onResize = () => this.draw();
    addEventListener("resize", this.onResize);
    this.lookTimer = setInterval(() => {
      if (!window.socket) return;
      clearInterval(this.lookTimer);
      window.socket.on("disconnect", () => (this.online = false));
      window.socket.on("connect", () => (this.online = true));
    }, 100);
  },
  unmounted() {
    this.unwatch();
    removeEventListener("keydown", this.onKey);
    removeEventListener("resize", this.onResize);
    clearInterval(this.lookTimer);
    this.occupy(false);
    document.documentElement.removeAttribute("data-counting");
  },
  computed: {
    on() {
      return this.session.on;
    },
    paused() {
      return this.step?.phase === "paused";
    },
    counting() {
      return Boolean(this.step?.counted && this.step.phase === "on");
    },
    shownLegs() {
      if (this.counting) return this.legs;
      return this.asked.set_number ? [] : this.legs.filter((leg) => leg.angle);
    },
  },
  methods: {
    take(message) {
      const before = this.step;
      const testsBefore = this.tests.length;
      if (message.whole) this.trace.clear();
      if (message.session && message.session.run !== this.session.run) this.trace.clear();
      for (const name of Object.keys(empty())) if (name in message) this[name] = message[name];
      for (const [side, points] of Object.entries(message.points ?? {})) this.trace.add(side, points);
      this.hear(message);
      if (message.tests && !message.whole) this.hearTest(testsBefore, message.tests);
      if ("alarms" in message) this.alarm();
      if ("session" in message) this.occupy(this.session.on);
      if (this.step && this.step.key !== before?.key) this.say(`${this.step.title}. ${this.step.state}. ${this.step.text}`);
      else if (this.step && this.step.phase !== before?.phase) this.say(this.step.state);
      if (before && this.step?.phase === "on" && before.phase !== "on") this.tone("begin");
      if (before?.phase === "on" && before.counted && !this.counting && !message.whole) this.tone("set_end");
      this.leaveRoom();
      if ("legs" in message) this.trace.takeZero(this.legs.some((leg) => leg.angle), Boolean(message.whole));
      if ("clock_s" in message) this.trace.clock = message.clock_s;
      if (message.points || message.closed || message.whole || "clock_s" in message) this.draw();
      this.$el.dispatchEvent?.(new CustomEvent("tracker-taken", { detail: message, bubbles: true }));
    },
    // The screen stays on, and the page leaves its room to the session.
    occupy(on) {
      keepAwake(on);
      document.documentElement.toggleAttribute("data-live", on);
    },
    leaveRoom() {
      document.documentElement.toggleAttribute("data-counting", this.on && this.counting);
    },
    hear(message) {
      const closed = message.closed ?? [];
      for (const one of closed) this.trace.mark(one.side, one.time, one.valid);
      if (message.whole) {
        // What was counted before this page looked on is shown, and not heard.
        this.hasRisen();
        if (closed.length) keep(this.session.run, closed[closed.length - 1].serial);
        return;
      }
      const fresh = newOnes(this.session.run, closed);
      for (const one of fresh) {
        this.lastSide = one.side;
        this.flash(one);
        this.tone(one.valid ? "valid" : "partial");
      }
      const spoken = fresh.filter((one) => one.spoken).pop();
      if (this.hasRisen() && spoken && this.switches.voice) sounds.say(spoken.spoken, this.language);
      if (fresh.length && !this.switches.voice) this.say(fresh[fresh.length - 1].told);
    },
    // Who lies with closed eyes hears that the rest test is over, and whether it has to be done again.
    hearTest(before, tests) {
      if (tests.length <= before) return;
      this.tone(tests[tests.length - 1].legs.some((leg) => leg.refused) ? "trouble" : "set_end");
    },
    // Each count is said once, whichever leg reaches it first.
    hasRisen() {
      const most = Math.max(0, ...this.legs.map((leg) => leg.count));
      const risen = most > this.most;
      this.most = most;
      return risen;
    },
    flash(one) {
      const side = one.side ?? "none";
      clearTimeout(this.timers[side]);
      this.flashes[side] = one.valid ? "flash-valid" : "flash-partial";
      this.timers[side] = setTimeout(() => (this.flashes[side] = ""), FLASH_MS);
    },
    alarm() {
      const troubled = new Set(this.alarms.map((one) => one.placement));
      if ([...troubled].some((one) => !this.troubled.has(one))) this.tone("trouble");
      this.troubled = troubled;
    },
    tone(name) {
      if (this.switches.tones) sounds.play(name);
    },
    // A screen reader is told the newest only, and not more often than it can say it.
    say(text) {
      this.toSay = text;
      if (this.saying) return;
      this.told = text;
      this.saying = setTimeout(() => {
        this.saying = undefined;
        if (this.toSay !== this.told) this.say(this.toSay);
      }, SAY_AGAIN_MS);
    },
    draw() {
      if (this.frame) return;
      this.frame = requestAnimationFrame(() => {
        this.frame = undefined;
        const canvas = this.$refs.canvas;
        if (canvas) this.trace.draw(canvas, lookOf(canvas, this.language));
      });
    },
    steer(what, more = {}) {
      this.$emit("steer", { what, ...more });
    },
    pauseOrGoOn() {
      this.steer(this.paused ? "resume" : "pause");
    },
    back(side) {
      this.steer("take_back", { side });
    },
    pick(what, value) {
      const number = this.asked.set_number;
      this.felt = { ...this.felt, [`${number} ${what}`]: value };
      this.steer("felt", { set_number: number, [what]: value });
    },
    turn(name, event) {
      // After a tap the keys are the session's again; whoever came by keyboard stays where they are.
      if (event.detail) event.currentTarget.blur();
      this.switches[name] = !this.switches[name];
      sounds.setSwitch(name, this.switches[name]);
    },
    press(event) {
      if (!this.on || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const what = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!what || (what !== "stop" && !this.switches.keys)) return;
      if (event.target.closest?.("input, textarea, select")) return;
      // Space on a button presses the button.
      if (event.key === " " && event.target.closest?.("button, a, summary")) return;
      event.preventDefault();
      if (what === "pause") this.pauseOrGoOn();
      else if (what === "take_back") this.takeLastBack();
      else if (what === "repeat") this.asked.repeat && this.steer("repeat");
      else this.steer(what);
    },
    takeLastBack() {
      const counted = this.legs.filter((leg) => leg.count);
      const last = counted.find((leg) => leg.side === this.lastSide) ?? counted[0];
      if (last) this.back(last.side);
    },
  },
  template: `
    <section class="live" v-show="on" :class="{ counting, asking: asked.set_number }" :aria-label="texts.session" :data-phase="step?.phase">
      <p class="sr-only" role="status" aria-live="polite" data-told>{{ told }}</p>
      <div role="alert" class="alarms">
        <div v-for="one in alarms" :key="one.placement" class="alarm" :data-placement="one.placement">
          <p class="strong">{{ one.text }}</p><p>{{ one.advice }}</p>
        </div>
        <div v-if="on && !online" class="alarm offline"><p class="strong">{{ texts.offline }}</p></div>
      </div>
      <header class="live-step" v-if="step">
        <div class="live-drawing" v-if="step.drawing && !counting" role="img" :aria-label="step.alt" v-html="step.drawing"></div>
        <div class="live-words">
          <p class="soft">{{ step.place }}<span v-for="one in step.details" class="live-detail">{{ one }}</span></p>
          <h2>{{ step.title }}</h2>
          <p class="live-text">{{ step.text }}</p>
          <p class="live-state" v-if="step.state || countdown">
            <strong>{{ step.state }}</strong>
            <span class="live-countdown" v-if="countdown"><b>{{ countdown.text }}</b> {{ countdown.label }}</span>
          </p>
        </div>
      </header>
      <div class="live-controls" v-if="on">
        <button type="button" class="main-action big live-stop" :class="{ danger: !asked.finish }" @click="steer(asked.finish ? 'finish' : 'stop')"
                :disabled="session.stage === 'saving'">{{ asked.finish ? texts.finish : texts.stop }}</button>
        <template v-if="session.stage === 'running' && !asked.finish">
          <button type="button" class="big" @click="pauseOrGoOn">{{ paused ? texts.resume : texts.pause }}</button>
          <button type="button" :disabled="paused" @click="steer('skip')">
            {{ step?.phase === 'on' ? texts.skip_on : texts.skip_wait }}</button>
        </template>
        <button type="button" v-if="asked.repeat && tests.length" @click="steer('repeat')">{{ texts.repeat }}</button>
      </div>
      <Tempo v-if="counting && step.tempo && switches.tempo" :key="step.key" :tempo="step.tempo" :ticks="switches.tones" />
      <div class="live-felt card" v-if="asked.set_number">
        <h3>{{ asked.title }}</h3>
        <Scale :name="texts.pain" :numbers="texts.scale" :low="texts.none" :high="texts.most"
               :chosen="felt[asked.set_number + ' pain']" @pick="(value) => pick('pain', value)" />
        <Scale :name="texts.effort" :numbers="texts.scale" :low="texts.none" :high="texts.most"
               :chosen="felt[asked.set_number + ' effort']" @pick="(value) => pick('effort', value)" />
      </div>
      <div class="legs" dir="ltr" v-if="shownLegs.length" :class="{ one: shownLegs.length === 1 }">
        <Leg v-for="leg in shownLegs" :key="leg.side" :leg="leg" :texts="texts" :counted="counting"
             :flash="flashes[leg.side ?? 'none'] ?? ''" @back="back" />
      </div>
      <section class="live-tests" v-if="tests.length" :aria-label="texts.tests" aria-live="polite">
        <article v-for="test in tests" :key="test.title" class="card">
          <h3>{{ test.title }}</h3>
          <p v-for="leg in test.legs" :key="leg.name" :class="leg.refused ? 'care' : ''">
            <strong>{{ leg.name }}</strong> {{ leg.text }}</p>
        </article>
      </section>
      <figure class="live-trace" v-show="session.stage === 'running' && legs.length">
        <figcaption class="soft">
          {{ texts.trace_title }}
          <span class="key left" aria-hidden="true">━ {{ texts.left }}</span>
          <span class="key right" aria-hidden="true">╍ {{ texts.right }}</span>
          <span aria-hidden="true">▼ {{ texts.counts }}</span> <span aria-hidden="true">○ {{ texts.not_counted }}</span>
        </figcaption>
        <canvas ref="canvas" role="img" :aria-label="texts.trace"></canvas>
      </figure>
      <Sensors :sensors="sensors" :texts="texts" v-if="sensors.length" />
      <div class="live-news">
        <ul v-if="sets.length" :aria-label="texts.sets"><li v-for="one in sets" :key="one.text">{{ one.text }}</li></ul>
        <ul v-if="notes.length" :aria-label="texts.news" class="soft"><li v-for="one in notes" :key="one">{{ one }}</li></ul>
      </div>
      <div class="live-switches">
        <button type="button" class="main-action" v-if="!open && switches.tones">{{ texts.unlock }}</button>
        <button type="button" v-for="name in ['tones', 'voice', 'tempo', 'keys']" :key="name" role="switch"
                :aria-checked="switches[name]" @click="turn(name, $event)">
          <span aria-hidden="true">{{ switches[name] ? '☑' : '☐' }}</span> {{ texts[name] }}</button>
        <p class="soft" v-if="switches.keys">{{ texts.keys_text }}</p>
      </div>
    </section>`,
};
