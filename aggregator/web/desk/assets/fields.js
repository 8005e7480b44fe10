// The texts of an item: what stands around a field follows what is typed and what was saved.
"use strict";

(() => {
  const count = (field) => {
    const place = field.form.querySelector("[data-length]");
    if (place) place.textContent = place.dataset.length.replace("#", [...field.value].length);
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("form[data-save] [name=text]")) count(event.target);
  });

  // Rows and titles that have the headline say what it says now, with the words of the rules marked.
  const retitle = ({ story, language, pieces }) => {
    for (const place of document.querySelectorAll(`[data-headline="${CSS.escape(story)}"]`)) {
      if (place.lang !== language) continue;
      place.replaceChildren(
        ...pieces.map(([text, isHit]) => (isHit ? window.desk.element("mark", { text }) : text)),
      );
    }
  };

  // Marks and the way back to the source are there when somebody wrote the text.
  document.addEventListener("desk:saved", ({ detail: { form, told } }) => {
    for (const one of form.querySelectorAll("[data-when]"))
      if (one.dataset.when in told) one.hidden = !told[one.dataset.when];
    const field = form.querySelector("[name=text]");
    if (field) count(field);
    if (told.headline) retitle(told.headline);
    if (field && "source" in field.dataset && "source" in told && field.dataset.source !== told.source) {
      field.dataset.source = told.source;
      window.desk.say(window.desk.word("source_changed"), "problem");
    }
  });
})();
