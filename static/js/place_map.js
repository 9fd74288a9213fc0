// The outlines of the places below, drawn on nothing: no tiles, so no network. The table beside it says the same.
"use strict";

const ROOM_FOR_A_NAME = 36; // pixels of the box's width: with less for each, names would cover each other

document.addEventListener("DOMContentLoaded", async () => {
  const box = document.getElementById("place-map");
  const words = document.getElementById("place-map-words");
  if (!box || !window.L) return;
  try {
    const answer = await fetch(box.dataset.boundaries, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const places = await answer.json();
    if (places.features.length === 0) { words.textContent = "还没有绘制边界。"; return; }
    draw(box, places);
    const leads = places.features.some((place) => place.properties.href !== location.pathname);
    words.textContent = leads ? "示意图，非测绘成果；点击区域打开该场所。" : "示意图，非测绘成果。";
  } catch {
    words.textContent = "示意图暂时无法读取，请见列表。";
  }
});

function draw(box, places) {
  box.hidden = false;
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile, // one finger scrolls the page
    zoomSnap: 0.25,
  });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  const named = places.features.length * ROOM_FOR_A_NAME <= box.clientWidth;
  const outlines = L.geoJSON(places, {
    style: () => ({ className: "place-outline" }),
    onEachFeature: (feature, layer) => {
      const name = document.createElement("span");
      name.textContent = feature.properties.name;
      layer.bindTooltip(name, { permanent: named, direction: "center", className: "place-name", interactive: false });
      if (feature.properties.href !== location.pathname) layer.on("click", () => location.assign(feature.properties.href));
    },
  }).addTo(map);
  map.fitBounds(outlines.getBounds(), { padding: [8, 8] });
}
