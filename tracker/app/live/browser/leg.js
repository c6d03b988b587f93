// One leg: its count that fills the screen, its last repetition, and the gauge against the target range.

export const Leg = {
  props: { leg: Object, texts: Object, flash: String, counted: Boolean },
  emits: ["back"],
  computed: {
    ends() {
      const { from_: from, target } = this.leg.gauge;
      const reach = Math.max(Math.abs(target), Math.abs(from), 1);
      return target < 0 ? [-1.35 * reach, 0.35 * reach] : [-0.35 * reach, 1.35 * reach];
    },
    needle() {
      return this.place(this.leg.gauge.value);
    },
    zone() {
      const places = [this.place(this.leg.gauge.from_), this.place(this.leg.gauge.target)];
      return { x: Math.min(...places), width: Math.max(2, Math.abs(places[0] - places[1])) };
    },
  },
  methods: {
    place(value) {
      const [low, high] = this.ends;
      return 100 * Math.min(1, Math.max(0, (value - low) / (high - low)));
    },
  },
  template: `
    <section class="leg" :dir="texts.direction" :class="[leg.side, flash]" :aria-label="leg.name" :data-side="leg.side">
      <div class="leg-head">
        <h3>{{ leg.name }}</h3>
        <span class="leg-angle" v-if="leg.angle"><span class="sr-only">{{ texts.hip_rotation }}</span> {{ leg.angle }}</span>
      </div>
      <div class="leg-count" v-if="counted" :data-digits="String(leg.count).length" aria-hidden="true">{{ leg.count_text }}</div>
      <div class="leg-last" v-if="counted">
        <p :class="leg.last_valid ? 'good' : 'care'" v-if="leg.last">
          <span aria-hidden="true">{{ leg.last_valid ? '▲' : '○' }}</span> {{ leg.last }}
        </p>
        <p class="soft" v-if="leg.partial">{{ leg.partial }}</p>
      </div>
      <button type="button" class="quiet leg-back" v-if="counted" :disabled="!leg.count" @click="$emit('back', leg.side)"
              :aria-label="leg.back_of">{{ leg.back }}</button>
      <div class="gauge" v-if="counted && leg.gauge" dir="ltr" role="meter" :aria-label="leg.gauge.label"
           :aria-valuemin="Math.round(ends[0])" :aria-valuemax="Math.round(ends[1])"
           :aria-valuenow="Math.round(leg.gauge.value)" :aria-valuetext="leg.gauge.text">
        <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
          <rect class="gauge-way" x="0" y="4" width="100" height="4"/>
          <rect class="gauge-zone" :x="zone.x" y="1" :width="zone.width" height="10"/>
          <rect class="gauge-needle" :x="needle - 0.8" y="0" width="1.6" height="12"/>
        </svg>
        <p class="gauge-text" :dir="texts.direction">{{ leg.gauge.text }}</p>
      </div>
    </section>`,
};
