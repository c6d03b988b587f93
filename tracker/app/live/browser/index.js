export { keep, newOnes } from "./heard.js";
export { Leg } from "./leg.js";
export { Scale } from "./scale.js";
export { Sensors } from "./sensors.js";
export * as sounds from "./sounds.js";
export { Tempo } from "./tempo.js";
export { Trace, lookOf } from "./trace.js";
export { keepAwake } from "./wake.js";
