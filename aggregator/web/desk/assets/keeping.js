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
  const begun = (field) =>
    field.localName === "select" ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue;

  const read = (key) => {
    try {
      return JSON.parse(desk.local.get(key) ?? "null");
    } catch {
      return null;
    }
  };

  // The fields of another section's form stay, too.
  const keep = (form) => {
    const fields = fieldsOf(form);
    const typed = fields.some((one) => one.localName !== "select" && begun(one));
    const before = read(keyOf(form))?.fields ?? {};
    const now = Object.fromEntries(fields.map((one) => [one.name, one.value]));
    desk.local.set(keyOf(form), typed ? JSON.stringify({ fields: { ...before, ...now }, at: Date.now() }) : null);
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

  // What was sent is kept until the page that answers says that it was done: a login may have come first.
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
  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (form && event.submitter?.value !== "look") desk.session.set(SENT, keyOf(form));
  });

  // The script has sent it, without leaving the page.
  document.addEventListener("desk:sent", ({ detail: { form } }) => {
    if (!form.dataset.keep) return;
    desk.session.set(SENT, null);
    desk.local.set(keyOf(form), null);
  });

  const begin = () => document.querySelectorAll("form[data-keep]").forEach(offer);
  document.addEventListener("desk:fresh", begin);
  settle();
  begin();
})();
