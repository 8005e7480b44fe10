// Keys, as the dialog of "?" lists them. They do what the buttons do: each looks for the control that
// has its letter, in the row that one is at, then in what is read of it, then on the page.
"use strict";

(() => {
  const { desk } = window;
  const SETTING = "desk.keys";
  const PAUSE = 150;
  const FIELD = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
  const LETTERS = /^[\u3131-\u318e]$/;

  const main = () => document.getElementById("main");
  const dialog = document.getElementById("keys");
  const keysOn = () => desk.local.get(SETTING) !== "off";
  const visible = (one) => one.getClientRects().length > 0;
  const walkable = () => desk.rows().filter(visible);

  // --- which row, which control --------------------------------------------------------------------

  const current = () => {
    const at = document.activeElement;
    const pane = at?.closest?.(".pane");
    const row = pane?.previousElementSibling ?? at?.closest?.("[data-item]");
    return row ?? desk.rows().find((one) => one.getAttribute("aria-current") === "true");
  };

  const paneOf = (row) => {
    const next = row?.nextElementSibling;
    return next?.matches?.(".pane") ? next : row ? null : main().querySelector(".pane, [data-pane]");
  };

  const find = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const row = current();
    for (const room of [paneOf(row), row, row?.closest("[data-section]")]) {
      const found = [...(room?.querySelectorAll(wanted) ?? [])].find(
        (one) => !one.disabled && (room === row || !one.closest("[data-item]") || room !== row?.closest("[data-section]")),
      );
      if (found) return found;
    }
    if (desk.unfold?.(row)) return find(key);
    return [...document.querySelectorAll(wanted)].find(
      (one) => !one.disabled && !one.closest("[data-item], .pane") && !one.closest("dialog"),
    );
  };

  // --- walking -------------------------------------------------------------------------------------

  let waiting;
  const opens = (row) => row.querySelector("a[data-open], .title a");

  // The row has the focus at once; what is read of it comes when one stays.
  const walkTo = (row) => {
    desk.focusOn(desk.mark(row));
    clearTimeout(waiting);
    const link = opens(row);
    const follows = main().querySelector(".pane, [data-pane]");
    if (!follows || !link || new URL(link.href).pathname !== location.pathname) return;
    waiting = setTimeout(async () => {
      const item = row.dataset.item;
      await desk.flush();
      if (!(await desk.visit(link.href).catch(() => false))) return;
      const now = desk.rows().find((one) => one.dataset.item === item);
      if (now && !document.activeElement?.closest?.(FIELD)) desk.focusOn(desk.mark(now));
    }, PAUSE);
  };

  const walk = (step) => {
    const all = walkable();
    if (all.length) {
      const at = all.indexOf(current());
      const next = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
      if (next) return walkTo(next);
    }
    const on = find(step > 0 ? "j" : "k") ?? (step > 0 && main().querySelector(".pager a[rel=next]"));
    return on ? on.click() : undefined;
  };

  // --- what a key does -----------------------------------------------------------------------------

  const unfold = (one) => {
    for (let box = one.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };

  // A text is written on at its end; a value is written anew.
  const toField = (field) => {
    if (!field) return;
    unfold(field);
    field.focus();
    if (field.localName === "textarea") field.setSelectionRange(field.value.length, field.value.length);
    else field.select?.();
    field.scrollIntoView({ block: "nearest" });
  };

  // A rejection has a reason: its field comes first, Enter sends.
  const reasonOf = (button) =>
    button.dataset.key === "x" ? button.form?.querySelector("select[name=reason], input[name=why]") : null;

  // Where some of several are to be taken, they are ticked first.
  const untickedOf = (button) => {
    const boxes = [...(button.form?.querySelectorAll("input[type=checkbox]") ?? [])];
    return boxes.some((one) => one.checked) ? null : boxes[0];
  };

  const press = (control) => {
    clearTimeout(waiting);
    const unticked = control.localName === "button" && untickedOf(control);
    if (unticked) return toField(unticked);
    const reason = control.localName === "button" && reasonOf(control);
    if (control.matches("input, select, textarea")) return toField(control);
    if (reason) return toField(reason);
    if (control.localName === "a" && control.hash && control.pathname === location.pathname)
      return toPlace(control.href, control.hash.slice(1));
    return control.click();
  };

  // A link to a place of another state of this page: there is a form behind it.
  const toPlace = async (address, id) => {
    if (!(await desk.visit(address))) return;
    const place = document.getElementById(id);
    const field = place?.querySelector("select, input:not([type=hidden]), textarea, button");
    if (field) toField(field);
    else desk.focusOn(place);
  };

  const digit = (select, key) => {
    const options = [...select.options].filter((one) => one.value);
    const chosen = options[Number(key) - 1];
    if (!chosen) return;
    select.value = chosen.value;
    select.form.requestSubmit(select.form.querySelector("button:not([type=button])"));
  };

  const inField = (event) => {
    const field = event.target.closest(FIELD);
    if (event.key === "Escape" && !dialog?.open) {
      const row = current();
      field.blur();
      if (row) desk.focusOn(row);
      return;
    }
    if (field.localName !== "select" || !field.form?.closest("main") || field.form.method !== "post") return;
    if (/^[1-9]$/.test(event.key) && field.dataset.key === "m" && keysOn()) {
      event.preventDefault();
      digit(field, event.key);
    } else if (event.key === "Enter" && field.matches("[data-key=m], [name=reason]")) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector("button:not([type=button])"));
    }
  };

  // A Korean keyboard that is not composing sends letters of its own: the key is the same. A capital is
  // meant by Shift: Caps Lock approves nothing.
  const letter = (event) => {
    const isOfKey = LETTERS.test(event.key) && event.code.startsWith("Key");
    const plain = isOfKey ? event.code.slice(3) : event.key;
    if (!/^[a-z]$/i.test(plain)) return plain;
    return event.shiftKey ? plain.toUpperCase() : plain.toLowerCase();
  };

  const onKey = (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(FIELD)) return void inField(event);
    if (dialog?.open || !keysOn()) return;
    const key = event.key === "Enter" && event.target.matches?.("[data-item]") ? "o" : letter(event);
    if (key.length !== 1 || key === " ") return;
    if (key === "?") {
      event.preventDefault();
      openDialog();
    } else if (desk.goes(key)) {
      event.preventDefault();
    } else if (key === "j" || key === "k") {
      event.preventDefault();
      walk(key === "j" ? 1 : -1);
    } else {
      const control = find(key) ?? (key === "o" && current() ? opens(current()) : null);
      if (!control) return;
      event.preventDefault();
      press(control);
    }
  };

  // --- the dialog ----------------------------------------------------------------------------------

  const openDialog = () => {
    if (!dialog || dialog.open) return;
    const box = dialog.querySelector("input[type=checkbox]");
    box.checked = keysOn();
    dialog.showModal();
  };

  const settings = () => {
    const open = document.getElementById("keys-open");
    if (!dialog || !open) return;
    open.hidden = false;
    open.addEventListener("click", openDialog);
    dialog.querySelector("input[type=checkbox]").addEventListener("change", (event) => {
      desk.local.set(SETTING, event.target.checked ? "on" : "off");
      showHints();
    });
  };

  const showHints = () => document.documentElement.classList.toggle("keys-off", !keysOn());

  document.addEventListener("keydown", onKey);
  settings();
  showHints();
  Object.assign(desk, { keysOn, toField });
})();
