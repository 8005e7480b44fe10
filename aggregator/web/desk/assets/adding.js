// A link that is pasted into an empty form is looked at by itself; Enter in its field does the same.
"use strict";

(() => {
  const field = document.querySelector("[data-look]");
  const button = field?.form?.querySelector("button[value=look]");
  const title = field?.form?.querySelector("[name=title]");
  if (!button) return;
  const look = () => field.form.requestSubmit(button);

  field.addEventListener("paste", () => {
    setTimeout(() => {
      if (/^https?:\/\/\S+$/i.test(field.value.trim()) && !title.value) look();
    });
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || title.value) return;
    event.preventDefault();
    look();
  });
})();
