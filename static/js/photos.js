// Photos are made small before they travel, and shown before they are sent; what a camera takes one by one adds up.
// Without this file they are sent as they are.
"use strict";

const LONGEST_EDGE = 2048;
const SMALL_ENOUGH = 600_000; // bytes
const held = new WeakMap(); // of an input: its photos

document.documentElement.classList.add("photos-scripted");

document.addEventListener("change", async (event) => {
  const input = event.target;
  const field = input.closest(".photos");
  if (!field || input.type !== "file") return;
  const before = addsUp(input) ? held.get(input) || [] : [];
  const fresh = [...input.files];
  hold(input, [...before, ...fresh]); // whoever sends it at once sends all of them, large
  if (!before.length) field.querySelector("[data-taken]").replaceChildren();
  say(field, input);
  for (const file of fresh) await show(field, input, file);
});

const addsUp = (input) => input.hasAttribute("capture");

function hold(input, files) {
  const parcel = new DataTransfer();
  for (const file of files) parcel.items.add(file);
  input.files = parcel.files;
  held.set(input, files);
}

function say(field, input) {
  const words = field.querySelector("[data-words]");
  const count = input.files.length;
  words.dataset.empty ??= words.textContent;
  const more = addsUp(input) ? `已拍 ${count} 张，再拍一张` : `已选 ${count} 张，重新选`;
  words.textContent = count ? more : words.dataset.empty;
  field.querySelector("[data-taken] button")?.remove();
  if (count && addsUp(input)) field.querySelector("[data-taken]").append(emptying(field, input));
}

function emptying(field, input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "清空重拍";
  button.addEventListener("click", () => {
    hold(input, []);
    field.querySelector("[data-taken]").replaceChildren();
    say(field, input);
    input.focus();
  });
  return button;
}

async function show(field, input, file) {
  try {
    const picture = await createImageBitmap(file); // upright, as the camera says
    const small = await smaller(file, picture);
    const files = held.get(input);
    if (!files.includes(file)) return; // let go meanwhile
    hold(input, files.map((one) => (one === file ? small : one)));
    const row = field.querySelector("[data-taken]");
    row.insertBefore(drawn(picture, 160), row.querySelector("button"));
  } catch {
    // it goes as it is, and the server says what is wrong with it
  }
}

async function smaller(file, picture) {
  if (file.size < SMALL_ENOUGH && Math.max(picture.width, picture.height) <= LONGEST_EDGE) return file;
  const blob = await new Promise((done) => drawn(picture, LONGEST_EDGE).toBlob(done, "image/jpeg", 0.85));
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type }) : file;
}

function drawn(picture, edge) {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
