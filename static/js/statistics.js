// The table beside it as a picture. A phone loads the drawing program only when somebody wants to see it.
"use strict";

const COLOURS = ["#0b5cad", "#8a5a00"];
const chart = document.getElementById("chart");
const table = document.getElementById(chart.dataset.table);
const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));

function legend() {
  const line = document.createElement("p");
  line.className = "form-hint public-legend";
  line.append(...heads.slice(1).map((name, n) => {
    const one = document.createElement("span");
    one.textContent = `■ ${name}`;
    one.style.color = COLOURS[n];
    return one;
  }));
  return line;
}

function draw() {
  const script = document.createElement("script");
  script.src = chart.dataset.script;
  script.addEventListener("load", () => {
    chart.replaceChildren();
    chart.className = "public-chart";
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", "柱状图，数字与下表相同");
    const picture = window.echarts.init(chart);
    picture.setOption({
      animation: false,
      color: COLOURS,
      grid: { left: 8, right: 8, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row[0]) },
      yAxis: { type: "value" },
      series: heads.slice(1).map((name, n) => ({ name, type: "bar", data: rows.map((row) => Number(row[n + 1])) })),
    });
    addEventListener("resize", () => picture.resize());
    chart.before(legend());
  });
  document.head.append(script);
}

if (matchMedia("(min-width: 768px)").matches) {
  draw();
} else {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn w-100";
  button.textContent = "画成图";
  button.addEventListener("click", draw, { once: true });
  chart.append(button);
}
