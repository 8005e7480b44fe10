// A file that is chosen is read into the text below it: what is sent is the text. What stands around a
// text (faults, names, how much is left) follows when it was saved.
"use strict";

(() => {
  const take = (room) => {
    const file = room.querySelector("input[type=file]");
    const text = document.getElementById(room.dataset.fileInto);
    room.hidden = false;
    file.addEventListener("change", async () => {
      if (file.files.length) text.value = await file.files[0].text();
    });
  };
  const begin = () => document.querySelectorAll("[data-file-into][hidden]").forEach(take);
  document.addEventListener("desk:fresh", begin);
  begin();

  const around = (form) => [...form.parentElement.children].filter((one) => one !== form);

  // The form itself stays: somebody may be writing in it.
  const refresh = (form, page) => {
    const row = form.closest(".beside");
    const fresh = page.getElementById(form.id);
    for (const one of around(form)) one.remove();
    row.classList.toggle("left", Boolean(fresh?.closest(".beside.left")));
    page.querySelectorAll("#progress > p").forEach((one) => {
      document.querySelector("#progress > p")?.replaceWith(one);
    });
    if (!fresh) return;
    row.querySelector(".source").replaceWith(fresh.closest(".beside").querySelector(".source"));
    const found = around(fresh);
    const before = found.filter((one) => one.compareDocumentPosition(fresh) & Node.DOCUMENT_POSITION_FOLLOWING);
    form.before(...before);
    form.after(...found.filter((one) => !before.includes(one)));
  };

  document.addEventListener("desk:saved", async ({ detail: { form } }) => {
    if (!form.closest(".beside")) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    refresh(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  });
})();
