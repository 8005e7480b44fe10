// What else can be done with a row of the draft: one panel stands in the page for all rows, and is put into
// one when it is asked for. Without the script the row's link leads to the page that has it there.
"use strict";

(() => {
  const { desk } = window;

  // The panel of a row, which is closed; null where the row has it already, or has none.
  const unfold = (row) => {
    const link = row?.querySelector("[data-more]");
    const panel = document.getElementById("more-of");
    if (!link || !panel) return null;
    const { item, version, place, language } = row.dataset;
    const list = row.closest("[data-list]");
    const holder = document.createElement("template");
    holder.innerHTML = panel.innerHTML.replaceAll(panel.dataset.of, encodeURIComponent(item));
    const made = holder.content.querySelector("details");
    made.querySelector("summary").replaceChildren(...link.childNodes);
    for (const one of made.querySelectorAll("[name=version]")) one.value = version;
    const nth = made.querySelector("input[name=place]");
    nth.max = list.querySelectorAll(":scope > [data-item]").length;
    nth.value = nth.defaultValue = place;
    const section = made.querySelector("select[name=section]");
    for (const one of section.options) one.defaultSelected = one.value === row.closest("[data-section]").dataset.section;
    const correct = made.querySelector("a[data-key=c]");
    if (correct) correct.hash = `f-${item}-headline-${language}`;
    const source = made.querySelector("[data-source]");
    if (link.dataset.more) source.href = link.dataset.more;
    else source.remove();
    link.closest(".more").replaceWith(made);
    return made;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const made = unfold(link.closest("[data-item]"));
    if (!made) return;
    event.preventDefault();
    made.open = true;
    made.querySelector("summary").focus();
  });

  Object.assign(desk, { unfold });
})();
