const MEGABYTE = 1e6;

export default {
  props: { texts: Object, limit: Number },
  emits: ["dropped", "refused"],
  data() {
    return { over: false, share: null, told: "" };
  },
  unmounted() {
    this.request?.abort();
  },
  methods: {
    drop(event) {
      this.over = false;
      this.take(event.dataTransfer.files);
    },
    chosen(event) {
      this.take(event.target.files);
      event.target.value = "";
    },
    take(files) {
      this.told = "";
      if (files.length !== 1) {
        this.told = files.length ? this.texts.one : "";
        return;
      }
      this.send(files[0]);
    },
    send(file) {
      const request = (this.request = new XMLHttpRequest());
      request.open("POST", `/api/recordings?name=${encodeURIComponent(file.name.slice(-200))}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      // What goes wrong is shown to a person.
      request.setRequestHeader("X-Asked-By", "page");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) this.share = event.loaded / event.total;
      };
      request.onload = () => this.answered(request);
      request.onerror = () => this.fail(null);
      request.onabort = () => (this.share = null);
      this.share = 0;
      if (file.size > this.limit * MEGABYTE) {
        // Refused without the file: the answer is the same, and comes at once.
        request.setRequestHeader("X-File-Bytes", String(file.size));
        request.send();
      } else request.send(file);
    },
    answered(request) {
      let found = {};
      try {
        found = JSON.parse(request.responseText);
      } catch {
        return this.fail(null);
      }
      if (request.status !== 201) return this.fail(found.error ?? null);
      this.share = null;
      this.$emit("dropped", { token: found.token });
    },
    fail(told) {
      this.share = null;
      this.$emit("refused", told && { message: told.message, advice: told.advice });
    },
    cancel() {
      this.request?.abort();
    },
  },
  template: `
    <div class="drop" :class="{ over }" @dragover.prevent="over = true" @dragleave="over = false"
      @drop.prevent="drop">
      <template v-if="share === null">
        <p>{{ texts.drop }}
          <label class="button drop-choose">{{ texts.choose }}
            <input type="file" accept=".mcap" class="drop-input" @change="chosen"></label></p>
        <p class="soft">{{ texts.hint }}</p>
      </template>
      <div v-else class="row">
        <span role="status">{{ texts.sending }}</span>
        <progress :value="share" max="1" :aria-label="texts.sending"></progress>
        <button type="button" @click="cancel">{{ texts.cancel }}</button>
      </div>
      <p role="alert" v-if="told">{{ told }}</p>
    </div>`,
};
