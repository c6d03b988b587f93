// The state of each sensor in words, always in sight; on a small or low screen signal, loss and age wait for a tap.

const ROOMY_PX = 900;

export const Sensors = {
  props: { sensors: Array, texts: Object },
  data: () => ({ more: Math.min(innerWidth, innerHeight) >= ROOMY_PX }),
  template: `
    <section class="live-sensors" :aria-label="texts.sensors">
      <button type="button" class="live-more" :aria-expanded="more" @click="more = !more">{{ texts.details }}</button>
      <ul>
        <li v-for="one in sensors" :key="one.placement" :class="{ trouble: one.trouble }" :data-placement="one.placement"
            :data-state="one.state">
          <strong>{{ one.name }}</strong>
          <span>{{ one.state_text }}</span>
          <span v-if="one.battery" :class="{ care: one.low }">{{ one.battery }}</span>
          <template v-if="more || one.trouble">
            <span v-if="one.signal">{{ one.signal }}</span>
            <span>{{ one.loss }}</span>
            <span>{{ one.age }}</span>
          </template>
        </li>
      </ul>
    </section>`,
};
