// What is chosen in the frame: language and theme, kept in this browser.

import "./fields.js";
import "./print.js";
import "./rows.js";
import "./upload.js";

const YEAR_S = 31536000;
const THEMES = { light: false, dark: true };

function keep(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_S}; samesite=strict`;
}

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  if (window.Quasar) Quasar.Dark.set(theme in THEMES ? THEMES[theme] : "auto");
}

function chosenTheme() {
  const theme = localStorage.getItem("tracker_theme");
  return theme in THEMES ? theme : "auto";
}

function toLanguage(code) {
  keep("tracker_language", code);
  const path = location.pathname.replace(/^\/[a-z]{2}(?=\/|$)/, `/${code}`);
  location.assign(path + location.search);
}

document.addEventListener("change", (event) => {
  const choice = event.target.dataset?.choice;
  if (choice === "language") toLanguage(event.target.value);
  if (choice === "theme") {
    localStorage.setItem("tracker_theme", event.target.value);
    setTheme(event.target.value);
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
  const person = event.target.closest?.("[data-person]");
  if (!person) return;
  keep("tracker_person", person.dataset.person);
  if (person.tagName === "BUTTON") location.reload();
});

function furnish() {
  const outer = document.querySelector("main.q-page");
  const select = document.querySelector("select[data-choice=theme]");
  if (!outer || !select) return false;
  // The page has a main part of its own inside this one; readers shall meet one only.
  outer.setAttribute("role", "presentation");
  select.value = chosenTheme();
  return true;
}

setTheme(chosenTheme());
addEventListener("load", () => {
  setTheme(chosenTheme());
  if (furnish()) return;
  const observer = new MutationObserver(() => furnish() && observer.disconnect());
  observer.observe(document.body, { childList: true, subtree: true });
});
