export { Courses } from "./courses.js";
export { Fetcher } from "./fetcher.js";
export { Plot, labelOf, lookOf } from "./plot.js";
export { Replay } from "./replay.js";
export { Span } from "./span.js";
export * as numbers from "./numbers.js";
