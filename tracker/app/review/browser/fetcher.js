// Asks the server for timeline and courses; of many wishes for one picture only the last one is fetched.

const AGAIN_MS = 120;
const SETTLE_MS = 90;
// What goes wrong is shown to a person.
const HEADERS = { "X-Asked-By": "page" };

export class Fetcher {
  constructor(address, onError) {
    this.address = address;
    this.onError = onError;
    this.ended = new AbortController();
    this.waiting = null;
    this.view = null;
    this.asked = new Set();
  }

  end() {
    this.ended.abort();
    clearTimeout(this.waiting);
  }

  // Hands on what is known again and again until all of it is.
  async timeline(points, onNews) {
    try {
      for (;;) {
        const news = await this.get(`timeline?points=${points}`, this.ended.signal);
        onNews(news);
        if (news.complete) return;
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    } catch (error) {
      this.fail(error);
    }
  }

  // The stretch that the picture shows, once it has come to rest.
  soon(from, until, points, onCourses) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      this.view?.abort();
      this.view = new AbortController();
      await this.courses(from, until, points, onCourses, this.view.signal);
    }, SETTLE_MS);
  }

  async once(from, until, points, onCourses) {
    if (this.asked.has(from)) return;
    this.asked.add(from);
    await this.courses(from, until, points, onCourses, this.ended.signal);
    this.asked.delete(from);
  }

  async courses(from, until, points, onCourses, signal) {
    try {
      const address = `courses?from_s=${Math.max(0, from)}&until_s=${until}&points=${points}`;
      const found = await this.get(address, signal);
      if (found.complete) onCourses(from, until, found.courses);
    } catch (error) {
      this.fail(error);
    }
  }

  async get(what, signal) {
    const answer = await fetch(`${this.address}/${what}`, { headers: HEADERS, signal });
    const found = await answer.json();
    if (!answer.ok) throw new Refused(found.error ?? {});
    return found;
  }

  fail(error) {
    if (error.name !== "AbortError" && !this.ended.signal.aborted) this.onError(error.told ?? null);
  }
}

class Refused extends Error {
  constructor(told) {
    super(told.message ?? "");
    this.told = told;
  }
}
