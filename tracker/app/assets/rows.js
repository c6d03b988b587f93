// Tables that can stand row by row do so on a phone, and in every window in which they would be pushed sideways.

const TABLES = ".wide.by-rows";
const phone = matchMedia("(max-width: 40rem)");
const changed = new Set();

// How wide it is as a table is known only while it stands as one; nothing of that is painted.
function layOut(wide) {
  const fits = () => wide.scrollWidth <= wide.clientWidth + 1;
  wide.classList.remove("stacked");
  wide.classList.toggle("stacked", phone.matches || !fits());
}

function layOutChanged() {
  changed.forEach(layOut);
  changed.clear();
}

// In the next frame: whoever changes a size while sizes are told is told that it never ends.
const sizes = new ResizeObserver((entries) => {
  if (!changed.size) requestAnimationFrame(layOutChanged);
  entries.forEach((entry) => changed.add(entry.target.closest(TABLES)));
});

function take(wide) {
  layOut(wide);
  sizes.observe(wide);
  sizes.observe(wide.firstElementChild);
}

new MutationObserver((records) => {
  for (const { addedNodes } of records)
    for (const node of addedNodes) {
      if (!(node instanceof Element) || !node.isConnected) continue;
      if (node.matches(TABLES)) take(node);
      else node.querySelectorAll(TABLES).forEach(take);
    }
}).observe(document.documentElement, { childList: true, subtree: true });
// Sizes in what is folded up are not told before it is opened.
addEventListener("resize", () => document.querySelectorAll(TABLES).forEach(layOut));
document.querySelectorAll(TABLES).forEach(take);
