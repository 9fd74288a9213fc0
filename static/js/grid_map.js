// The table's figures as colours on the outlines. Without a configured tile address nothing is loaded from elsewhere.
"use strict";

document.addEventListener("DOMContentLoaded", async () => {
  const box = document.getElementById("grid-map");
  const words = document.getElementById("grid-map-words");
  if (!box || !window.L) return;
  const rows = new Map([...document.querySelectorAll("tr[data-code]")].map((row) => [row.dataset.code, row]));
  try {
    const answer = await fetch(box.dataset.outlines, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const places = await answer.json();
    const shown = places.features.filter((place) => rows.has(place.properties.code));
    if (shown.length === 0) { words.textContent = "还没有绘制边界，数字见列表。"; return; }
    draw(box, places.features, rows);
    words.textContent = "示意图，非测绘成果；点击区域打开该场所。";
  } catch {
    words.textContent = "分布图暂时无法读取，数字见列表。";
  }
});

function draw(box, features, rows) {
  box.hidden = false;
  const map = L.map(box, {
    attributionControl: Boolean(box.dataset.tiles),
    zoomControl: false,
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile, // one finger scrolls the page
    zoomSnap: 0.25,
  });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  if (box.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(box.dataset.tiles, { maxZoom: 18, attribution: box.dataset.tilesBy }).addTo(map);
    box.classList.add("map-on-tiles");
  }
  const ours = L.featureGroup().addTo(map);
  L.geoJSON(features, {
    style: (place) => ({ className: `map-place map-band-${rows.get(place.properties.code)?.dataset.band ?? "none"}` }),
    onEachFeature: (place, layer) => tell(place.properties, layer, rows.get(place.properties.code), ours),
  }).addTo(map);
  const fit = () => map.fitBounds(ours.getBounds(), { padding: [8, 8] });
  map.on("resize", fit);
  fit();
}

function tell(place, layer, row, ours) {
  if (!row) return;
  ours.addLayer(layer);
  const name = document.createElement("span");
  name.textContent = `${place.name} ${row.lastElementChild.textContent.trim()}`;
  layer.bindTooltip(name, { sticky: true, className: "place-name" });
  layer.on("click", () => location.assign(place.href));
}
