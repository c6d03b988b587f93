// Figures on paper: drawn for its width, and scaled to what of it there is; else they keep the size of the screen.

const PAPER_PX = { width: 720, height: 220 };

function charts() {
  const figures = [...document.querySelectorAll(".figure > div")];
  return figures.map((one) => [one, window.getElement?.(one)?.chart]).filter(([, chart]) => chart);
}

addEventListener("beforeprint", () => {
  for (const [figure, chart] of charts()) {
    chart.resize(PAPER_PX);
    chart.getZr().flush();
    figure.querySelector("svg")?.setAttribute("viewBox", `0 0 ${PAPER_PX.width} ${PAPER_PX.height}`);
  }
});

addEventListener("afterprint", () => {
  for (const [figure, chart] of charts()) {
    figure.querySelector("svg")?.removeAttribute("viewBox");
    chart.resize({ width: "auto", height: "auto" });
  }
});
