// Rows of the draft are dragged by their handle, within a section and to another. The forms beside it
// do the same: dropping fills one in and sends it.
"use strict";

(() => {
  const { desk } = window;
  const EDGE = 60;
  const SPEED = 14;
  let drag = null;

  const ready = () => {
    for (const one of document.querySelectorAll("[data-drag]")) one.hidden = false;
  };

  const clear = () => {
    for (const name of ["drop-before", "drop-after", "drop-into"])
      for (const one of document.querySelectorAll(`.${name}`)) one.classList.remove(name);
  };

  // Before or behind a row, or into a section that has none.
  const targetAt = (x, y) => {
    const under = document.elementFromPoint(x, y);
    const section = under?.closest("[data-section]");
    if (!section) return null;
    const rows = [...section.querySelectorAll("[data-item]")];
    const others = rows.filter((row) => row !== drag.row);
    const before = others.find((row) => {
      const box = row.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    const place = before ? others.indexOf(before) + 1 : others.length + 1;
    return { section, place, before, last: others.at(-1) };
  };

  const show = (target) => {
    clear();
    if (!target) return;
    if (target.before) target.before.classList.add("drop-before");
    else if (target.last) target.last.classList.add("drop-after");
    else target.section.classList.add("drop-into");
  };

  const scroll = () => {
    if (!drag) return;
    if (drag.y < EDGE) scrollBy(0, -SPEED);
    else if (drag.y > innerHeight - EDGE) scrollBy(0, SPEED);
    show((drag.target = targetAt(drag.x, drag.y)));
    drag.frame = requestAnimationFrame(scroll);
  };

  const end = () => {
    if (!drag) return;
    cancelAnimationFrame(drag.frame);
    drag.row.classList.remove("dragged");
    clear();
    drag = null;
  };

  const drop = () => {
    const { row, target } = drag;
    end();
    if (!target) return;
    const same = target.section === row.closest("[data-section]");
    if (same && target.place === Number(row.dataset.place)) return;
    desk.unfold(row);
    const form = row.querySelector(same ? "form[data-to-place]" : "form[data-to-section]");
    if (!form) return;
    if (same) {
      form.querySelector("[name=place]").value = target.place;
    } else {
      form.querySelector("[name=section]").value = target.section.dataset.section;
      form.querySelector("[name=position]").value = target.place;
    }
    desk.send(form, form.querySelector("button"));
  };

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const row = handle.closest("[data-item]");
    drag = { row, handle, x: event.clientX, y: event.clientY, target: null, frame: 0 };
    row.classList.add("dragged");
    scroll();
  });
  document.addEventListener("pointermove", (event) => {
    if (drag) Object.assign(drag, { x: event.clientX, y: event.clientY });
  });
  document.addEventListener("pointerup", () => {
    if (!drag) return;
    drag.target = targetAt(drag.x, drag.y);
    drop();
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => {
    if (drag && event.key === "Escape") {
      event.preventDefault();
      end();
    }
  });
  document.addEventListener("desk:fresh", ready);
  ready();
})();
