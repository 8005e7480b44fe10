// Texts are saved as they are written: on leaving the field, or two seconds after the last key, never
// while Korean is being composed. What could not be saved is kept in this browser, and offered again.
"use strict";

(() => {
  const { desk } = window;
  const { word, element } = desk;
  const PAUSE = 2000;
  const AGAIN = [2000, 5000, 15000, 30000];
  const HEADERS = { Accept: "application/json" };
  const states = new WeakMap();
  const forms = () => [...document.querySelectorAll("form[data-save]")];
  const who = document.getElementById("words")?.dataset.who ?? "";

  const textOf = (form) => form.querySelector("[name=text]");
  const baseOf = (form) => form.querySelector("[name=base]");
  const keyOf = (form) => `desk.unsaved ${who} ${form.getAttribute("action")}`;
  const isDirty = (form) => textOf(form).value !== baseOf(form).value;

  const stateOf = (form) => {
    if (!states.has(form)) states.set(form, { timer: 0, tries: 0, sending: null, composing: false, asks: false });
    return states.get(form);
  };

  // --- what is said beside the field ---------------------------------------------------------------

  const mark = (form, name, values) => {
    let place = form.querySelector("[data-mark]");
    if (!place) {
      place = element("span", { className: "mark-saved" });
      place.dataset.mark = "";
      place.setAttribute("role", "status");
      (form.querySelector(".field-head") ?? form).append(" ", place);
    }
    place.dataset.state = name;
    const text = name ? word(`save.${name}`, values) : "";
    if (place.textContent !== text) place.textContent = text;
  };

  // --- kept in this browser ------------------------------------------------------------------------

  const keep = (form) =>
    desk.local.set(
      keyOf(form),
      isDirty(form)
        ? JSON.stringify({ text: textOf(form).value, base: baseOf(form).value, at: Date.now() })
        : null,
    );

  const kept = (form) => {
    try {
      return JSON.parse(desk.local.get(keyOf(form)) ?? "null");
    } catch {
      return null;
    }
  };

  const offer = (form) => {
    const found = kept(form);
    if (!found || form.querySelector(".offer") || isDirty(form)) return;
    if (found.text === textOf(form).value) return desk.local.set(keyOf(form), null);
    const put = () => {
      textOf(form).value = found.text;
      baseOf(form).value = found.base;
      textOf(form).focus();
      save(form);
    };
    const drop = () => {
      desk.local.set(keyOf(form), null);
      textOf(form).focus();
    };
    const text = word("keep.offer", { at: desk.when(found.at) });
    return form.append(desk.offered({ text, quote: found.text, lang: textOf(form).lang, put, drop }));
  };

  // --- saving --------------------------------------------------------------------------------------

  const later = (form, pause) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), pause);
  };

  const save = (form, button = null, options = {}) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    if (!form.isConnected || state.composing || state.asks) return Promise.resolve();
    if (!button && !isDirty(form)) {
      keep(form);
      return Promise.resolve();
    }
    state.sending = (state.sending ?? Promise.resolve()).then(() => put(form, button, options));
    return state.sending;
  };

  const put = async (form, button, options) => {
    const sent = textOf(form).value;
    if (!button && sent === baseOf(form).value) return;
    mark(form, "saving");
    let answer;
    let told = {};
    try {
      const body = new URLSearchParams(new FormData(form, button));
      answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: HEADERS, ...options });
      if (answer.headers.get("content-type")?.startsWith("application/json")) told = await answer.json();
    } catch {
      return failed(form, "offline");
    }
    if (told.ok) return saved(form, sent, told);
    if (answer.status === 409 && told.code === "field_conflict") return choose(form, told);
    if (answer.status >= 500) return failed(form, "later");
    return refused(form, answer.status, told);
  };

  const saved = (form, sent, told) => {
    const field = textOf(form);
    const stands = told.base ?? told.text ?? sent;
    stateOf(form).tries = 0;
    baseOf(form).value = stands;
    // Somebody who writes on is not disturbed.
    if (field.value === sent && sent !== stands) field.value = stands;
    field.defaultValue = stands;
    form.querySelector(".offer")?.remove();
    keep(form);
    mark(form, "saved", { at: new Date().toTimeString().slice(0, 5) });
    desk.stands(told.standing);
    document.dispatchEvent(new CustomEvent("desk:saved", { detail: { form, told } }));
    if (isDirty(form)) later(form, PAUSE);
  };

  const failed = (form, name) => {
    const state = stateOf(form);
    keep(form);
    mark(form, name);
    later(form, AGAIN[Math.min(state.tries, AGAIN.length - 1)]);
    state.tries += 1;
  };

  const refused = (form, status, told) => {
    keep(form);
    if (status === 401 || status === 403) mark(form, "closed");
    else mark(form, "refused", { why: told.flash ?? "" });
  };

  // --- two texts of one field ----------------------------------------------------------------------

  const choose = (form, told) => {
    const state = stateOf(form);
    state.asks = true;
    keep(form);
    mark(form, "conflict");
    form.querySelector(".choose")?.remove();
    const field = textOf(form);
    const box = element("div", { className: "panel choose", tabIndex: -1 });
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", word("choose.title"));
    const mine = element("button", { type: "button", className: "primary", text: word("choose.mine") });
    const theirs = element("button", { type: "button", text: word("choose.theirs") });
    const close = () => {
      state.asks = false;
      box.remove();
      baseOf(form).value = told.theirs;
      field.focus();
    };
    mine.addEventListener("click", () => {
      close();
      save(form);
    });
    theirs.addEventListener("click", () => {
      close();
      field.value = told.theirs;
      keep(form);
      mark(form, "saved", { at: new Date().toTimeString().slice(0, 5) });
    });
    box.append(
      element("p", { text: told.flash }),
      element("h3", { text: word("choose.their_text", { by: told.by || word("choose.somebody") }) }),
      element("blockquote", { text: told.theirs, lang: field.lang }),
      element("h3", { text: word("choose.my_text") }),
      element("blockquote", { text: told.mine, lang: field.lang }),
      element("p", { className: "buttons" }, mine, theirs),
    );
    form.append(box);
    // Who is still in the field hears of it; who has left is led back.
    if (document.activeElement === field || document.activeElement === document.body) box.focus();
    else desk.say(told.flash, "problem");
  };

  // --- when ----------------------------------------------------------------------------------------

  const formOf = (event) => event.target.closest?.("form[data-save]");
  const isText = (event) => event.target.name === "text";

  document.addEventListener("compositionstart", (event) => {
    const form = formOf(event);
    if (form) stateOf(form).composing = true;
  });
  document.addEventListener("compositionend", (event) => {
    const form = formOf(event);
    if (!form) return;
    stateOf(form).composing = false;
    keep(form);
    later(form, PAUSE);
  });
  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form || !isText(event)) return;
    keep(form);
    if (isDirty(form)) mark(form, "writing");
    if (!stateOf(form).composing) later(form, PAUSE);
  });
  document.addEventListener("focusout", (event) => {
    const form = formOf(event);
    if (form && isText(event)) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (!form) return;
    event.preventDefault();
    save(form, event.submitter);
  });

  const all = (options) => Promise.all(forms().filter(isDirty).map((form) => save(form, null, options)));
  addEventListener("online", () => all());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") all({ keepalive: true });
  });
  addEventListener("beforeunload", (event) => {
    if (forms().some(isDirty)) event.preventDefault();
  });

  const begin = () => forms().forEach(offer);
  document.addEventListener("desk:fresh", begin);
  desk.flush = () => all();
  begin();
})();
