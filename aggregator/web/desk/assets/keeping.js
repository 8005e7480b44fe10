// Forms that are sent as a whole (data-keep): what is typed is kept in this browser until it was sent,
// and offered where the form is opened again.
"use strict";

(() => {
  const { desk } = window;
  const { word } = desk;
  const SENT = "desk.sent";
  const FIELDS = "textarea[name], select[name], input[name]:not([type=hidden], [type=checkbox], [type=radio])";
  const who = document.getElementById("words")?.dataset.who ?? "";

  const keyOf = (form) => `desk.begun ${who} ${form.dataset.keep}`;
  const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)];
  // A page that answers a form has in its fields what was typed, and nothing of it is done (data-begun).
  const begun = (field) => {
    if (field.localName === "select") return !field.selectedOptions[0]?.defaultSelected;
    return field.value !== ("begun" in field.form.dataset ? "" : field.defaultValue);
  };

  const read = (key) => {
    try {
      return JSON.parse(desk.local.get(key) ?? "null");
    } catch {
      return null;
    }
  };

  const isTyped = (form) => fieldsOf(form).some((one) => one.localName !== "select" && begun(one));

  // The fields of another section's form stay, too, and so does what was offered and not yet decided on.
  const keep = (form) => {
    const isOffered = Boolean(form.querySelector(".offer"));
    if (!isTyped(form)) return isOffered ? undefined : desk.local.set(keyOf(form), null);
    const before = read(keyOf(form))?.fields ?? {};
    const fields = fieldsOf(form).filter((one) => one.value || !isOffered);
    const now = Object.fromEntries(fields.map((one) => [one.name, one.value]));
    return desk.local.set(keyOf(form), JSON.stringify({ fields: { ...before, ...now }, at: Date.now() }));
  };

  const offer = (form) => {
    const found = read(keyOf(form));
    if (!found?.fields || form.querySelector(".offer")) return;
    const here = fieldsOf(form).filter((one) => found.fields[one.name] && found.fields[one.name] !== one.value);
    if (!here.some((one) => one.localName !== "select")) return;
    const shown = here.filter((one) => one.localName !== "select").map((one) => found.fields[one.name]);
    form.prepend(
      desk.offered({
        text: word("keep.begun", { at: desk.when(found.at) }),
        quote: shown.join(" · "),
        lang: "",
        put: () => {
          for (const one of here) one.value = found.fields[one.name];
          here[0].focus();
        },
        drop: () => {
          desk.local.set(keyOf(form), null);
          fieldsOf(form)[0]?.focus();
        },
      }),
    );
  };

  // What was sent is kept until the page that answers says that it was done: a login may have come first,
  // or nothing at all. The word that it was sent holds for the next page alone, whatever that is.
  const settle = () => {
    const sent = desk.session.get(SENT);
    desk.session.set(SENT, null);
    if (sent && desk.isAnswer) desk.local.set(sent, null);
  };

  const formOf = (event) => event.target.closest?.("form[data-keep]");
  for (const name of ["input", "change"])
    document.addEventListener(name, (event) => {
      const form = formOf(event);
      if (form) keep(form);
    });
  // A button that is a step on the way (data-step) ends nothing. What the script sends stays on this page
  // until it was taken (desk:sent).
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = formOf(event);
    const ends = form && !("step" in (event.submitter?.dataset ?? {}));
    desk.session.set(SENT, ends ? keyOf(form) : null);
  });
  document.addEventListener("desk:sent", ({ detail: { form } }) => {
    if (form.dataset.keep) desk.local.set(keyOf(form), null);
  });
  // The way back leads to the form as it was: nothing has answered it.
  addEventListener("pageshow", (event) => {
    if (event.persisted) desk.session.set(SENT, null);
  });

  const begin = () => {
    for (const form of document.querySelectorAll("form[data-keep]")) {
      offer(form);
      if ("begun" in form.dataset && isTyped(form)) keep(form);
    }
  };
  document.addEventListener("desk:fresh", begin);
  settle();
  begin();
})();
