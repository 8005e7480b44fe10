// The rule lab as one types. Without it there is the button.
"use strict";

const form = document.querySelector("form[data-lab]");
const result = document.getElementById("lab-result");
const status = document.getElementById("lab-says");
const PAUSE = 900;
const AGAIN = 1200;
let asking = null;
let waiting = 0;
let begun = form.elements.rules.value;

const show = (told) => {
  result.innerHTML = told.html;
  result.removeAttribute("aria-busy");
  form.elements.rules.toggleAttribute("aria-invalid", told.state === "mistakes");
  const again = result.querySelector(".again");
  if (again) again.hidden = true;
  if (told.state !== "counting") status.textContent = told.says;
};

// The older question is given up: only the last answer counts.
const ask = async () => {
  if (asking) asking.abort();
  asking = new AbortController();
  const mine = asking;
  result.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      signal: mine.signal,
    });
    const told = await answer.json();
    if (mine !== asking || typeof told.html !== "string") return;
    show(told);
    if (told.state === "counting") later(AGAIN);
  } catch (error) {
    if (error.name !== "AbortError") result.removeAttribute("aria-busy");
  }
};

const later = (pause) => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, pause);
};

form.addEventListener("input", (event) => {
  if (!event.isComposing) later(PAUSE);
});
form.addEventListener("compositionend", () => later(PAUSE));
form.addEventListener("submit", () => {
  begun = form.elements.rules.value;
});
// What was typed is not lost by a slip.
addEventListener("beforeunload", (event) => {
  if (form.elements.rules.value !== begun) event.preventDefault();
});
if (result.querySelector(".again")) later(AGAIN);
