// The desk's script. Every page works without it.
"use strict";

(() => {
  // The texts of the script stand in the page, in its language.
  const word = (name, values = {}) => {
    const found = document.querySelector(`#words [data-word="${name}"]`);
    const text = found ? found.textContent : name;
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  };

  const element = (name, { text, ...rest } = {}, ...children) => {
    const made = Object.assign(document.createElement(name), rest);
    if (text !== undefined) made.textContent = text;
    made.append(...children);
    return made;
  };

  const room = () => document.getElementById("said");

  // The button of a line takes back just what the line says.
  const undoForm = (action) => {
    const form = element("form", { method: "post" });
    form.setAttribute("action", room().dataset.undo);
    form.dataset.live = "";
    for (const [name, value] of [["action", action], ["next", location.pathname + location.search]])
      form.append(element("input", { type: "hidden", name, value }));
    form.append(element("button", { className: "quiet", text: word("undo") }));
    return form;
  };

  // Says a line to who listens (role="status"), and shows it where pages show what was done.
  const say = (text, kind = "done", undo = "", see = "") => {
    if (!room() || !text) return;
    const line = element("div", { className: `flash ${kind === "problem" ? "problem" : "done"}` });
    line.append(element("p", { text }));
    if (see) line.append(element("a", { href: see, text: word("see") }));
    if (undo && room().dataset.undo) line.append(undoForm(undo));
    room().replaceChildren(line);
  };

  // Where the issue stands by now, in the head of the page and, where one edits, below it.
  const stands = (told) => {
    if (!told) return;
    const badge = document.getElementById("stage-now");
    if (badge) {
      badge.className = `badge state-${told.name}`;
      badge.textContent = told.word;
    }
    const place = document.getElementById("standing");
    if (!place) return;
    place.hidden = !told.notice;
    place.classList.toggle("lost", told.lost);
    const line = place.querySelector("p");
    if (line.textContent !== told.notice) line.textContent = told.notice;
  };

  // What is said sticks to the top of what one reads: so much of the page is kept clear for it, that it
  // covers neither what has the focus nor what sticks there itself.
  const clear = () => {
    const line = room()?.firstElementChild;
    const height = line ? Math.ceil(line.getBoundingClientRect().height) : 0;
    document.documentElement.style.setProperty("--said", `${height}px`);
  };
  if (room()) {
    document.documentElement.style.setProperty("--said-most", "40vh");
    new ResizeObserver(clear).observe(room());
  }

  // What has been said is read out once more where the page opens with it: a live region is only
  // listened to when it changes. A problem gets the focus, unless the address names a place.
  const announce = () => {
    const flash = document.getElementById("flash");
    if (!flash) return;
    if (flash.classList.contains("problem") && !location.hash) flash.focus({ preventScroll: true });
    const place = flash.parentElement;
    requestAnimationFrame(() => {
      const had = document.activeElement === flash;
      place.replaceChildren();
      requestAnimationFrame(() => {
        place.replaceChildren(flash);
        if (had) flash.focus({ preventScroll: true });
      });
    });
  };

  // Pages may be forbidden to keep anything; then nothing is kept.
  const keeper = (store) => ({
    get: (key) => {
      try {
        return window[store].getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        if (value === null) window[store].removeItem(key);
        else window[store].setItem(key, value);
      } catch {
        // Full, or forbidden.
      }
    },
  });

  const when = (at) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }).format(new Date(at));

  // A text that this browser has, to be put in again or thrown away: the box goes by either.
  const offered = ({ text, quote, lang, put, drop }) => {
    const box = element("div", { className: "panel offer" });
    const choice = (name, className, act) => {
      const button = element("button", { type: "button", className, text: word(name) });
      button.addEventListener("click", () => {
        box.remove();
        act();
      });
      return button;
    };
    box.append(
      element("p", { text }),
      element("blockquote", { text: quote, lang }),
      element("p", { className: "buttons" }, choice("keep.restore", "", put), choice("keep.discard", "quiet", drop)),
    );
    return box;
  };

  window.desk = {
    // Whether this page answers something that was done; announcing takes its line away for a moment.
    isAnswer: Boolean(document.querySelector(".flash.done")),
    word,
    element,
    say,
    stands,
    when,
    offered,
    local: keeper("localStorage"),
    session: keeper("sessionStorage"),
    // What must be done before the page changes; saving.js puts its own here.
    flush: async () => {},
  };

  // A line that was to be said on the next page, by the script.
  const left = window.desk.session.get("desk.flash");
  if (left) {
    window.desk.session.set("desk.flash", null);
    const { text, kind, undo, see } = JSON.parse(left);
    requestAnimationFrame(() => say(text, kind, undo, see));
  } else {
    announce();
  }
})();
