// The desk's script. Every page works without it.
"use strict";

// Says a line to who listens (role="status"), and shows it where pages show what was done.
const say = (text, kind = "done") => {
  const room = document.getElementById("said");
  if (!room || !text) return;
  const line = document.createElement("div");
  line.className = `flash ${kind === "problem" ? "problem" : "done"}`;
  const words = document.createElement("p");
  words.textContent = text;
  line.append(words);
  room.replaceChildren(line);
};

// What has been said is read out once more where the page opens with it: a live region is only
// listened to when it changes. A problem gets the focus, unless the address names a place.
const announce = () => {
  const flash = document.getElementById("flash");
  if (!flash) return;
  if (flash.classList.contains("problem") && !location.hash) flash.focus({ preventScroll: true });
  const room = flash.parentElement;
  requestAnimationFrame(() => {
    const had = document.activeElement === flash;
    room.replaceChildren();
    requestAnimationFrame(() => {
      room.replaceChildren(flash);
      if (had) flash.focus({ preventScroll: true });
    });
  });
};

window.desk = Object.freeze({ say });
announce();
