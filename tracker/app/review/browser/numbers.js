// Numbers and times as the page's language writes them, with the digits that the rest of the page has.

const formats = new Map();

export function number(language, value, digits = 0) {
  const key = `${language}/${digits}`;
  if (!formats.has(key)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    formats.set(key, new Intl.NumberFormat(`${language}-u-nu-latn`, options));
  }
  return formats.get(key).format(value);
}

export function angle(texts, value, digits = 0) {
  const written = `\u2066${number(texts.language, Math.abs(value), digits)}°\u2069`;
  if (Math.abs(value) < 0.5 / 10 ** digits) return written;
  return fill(value > 0 ? texts.inwards : texts.outwards, { angle: written });
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? values[name] : hole));
}
