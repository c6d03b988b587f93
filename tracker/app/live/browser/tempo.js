// The tempo guide: a bar that goes there, waits and comes back as the plan asks, with a soft tick each second.

import { play } from "./sounds.js";

export const Tempo = {
  props: { tempo: Object, ticks: Boolean },
  data: () => ({ share: 0, part: "there" }),
  mounted() {
    this.began = performance.now();
    this.second = -1;
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const step = () => {
      const seconds = (performance.now() - this.began) / 1000;
      const [there, hold, back] = this.tempo.seconds;
      const at = seconds % (there + hold + back || 1);
      this.part = at < there ? "there" : at < there + hold ? "hold" : "back";
      const exact = at < there ? at / there : at < there + hold ? 1 : 1 - (at - there - hold) / back;
      this.share = still.matches ? { there: 0.5, hold: 1, back: 0.5 }[this.part] : exact;
      if (Math.floor(seconds) !== this.second) {
        this.second = Math.floor(seconds);
        if (this.ticks) play("tick");
      }
      this.frame = requestAnimationFrame(step);
    };
    step();
  },
  beforeUnmount() {
    cancelAnimationFrame(this.frame);
  },
  template: `
    <div class="tempo" role="img" :aria-label="tempo.label">
      <span class="tempo-part" aria-hidden="true">{{ tempo[part] }}</span>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="gauge-way" x="0" y="1" width="100" height="4"/>
        <rect class="tempo-bar" x="0" y="0" :width="100 * share" height="6"/>
      </svg>
    </div>`,
};
