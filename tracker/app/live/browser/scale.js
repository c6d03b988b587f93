// Big buttons from 0 to 10, for pain and effort while the next set is waited for.

export const Scale = {
  props: { name: String, numbers: Array, chosen: Number, low: String, high: String },
  emits: ["pick"],
  template: `
    <fieldset class="scale">
      <legend>{{ name }}</legend>
      <div class="scale-buttons">
        <button v-for="(text, value) in numbers" :key="value" type="button" :aria-pressed="chosen === value"
                :class="{ chosen: chosen === value }" @click="$emit('pick', value)">{{ text }}</button>
      </div>
      <p class="soft scale-ends"><span>{{ low }}</span><span>{{ high }}</span></p>
    </fieldset>`,
};
