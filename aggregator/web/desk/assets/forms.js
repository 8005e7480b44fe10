// Forms that act on a row are sent without leaving the page: what they changed is put in its place,
// what was done is said, and the focus goes on.
"use strict";

(() => {
  const { desk } = window;
  const ROOMS = "[data-item], [data-pane], .pane, [data-live], .act";
  const HEADERS = { Accept: "application/json" };

  const main = () => document.getElementById("main");
  const rows = () => [...main().querySelectorAll("[data-item]")];
  const byItem = (id) => id && rows().find((row) => row.dataset.item === id);
  const isOurs = (form) =>
    form.getAttribute("method")?.toLowerCase() === "post" &&
    Boolean(form.closest(ROOMS)) &&
    !form.closest("[data-plain]") &&
    !form.hasAttribute("data-save");

  // --- focus: where it was, and where it goes ------------------------------------------------------

  const spotOf = (control) => {
    const at = document.activeElement?.closest?.("[data-item]");
    const row = control.closest("[data-item]") ?? control.closest(".pane")?.previousElementSibling ?? at;
    const all = rows();
    return {
      item: row?.dataset?.item,
      key: control.dataset.key,
      id: control.id,
      order: all.map((one) => one.dataset.item),
      at: all.indexOf(row),
    };
  };

  const focusOn = (target) => {
    if (!target) return false;
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
    return document.activeElement === target;
  };

  const mark = (row) => {
    for (const one of rows()) if (one !== row) one.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
    return row;
  };

  const usable = (control) => control && !control.disabled && control.getClientRects().length > 0;

  // The same control of the same row, else the row; where the row is gone the next one, else the one
  // before; else the beginning.
  const settle = (spot, { gone = false, then = "", next: to = "" } = {}) => {
    const next = byItem(then);
    if (next) return focusOn(mark(next));
    const row = !gone && byItem(spot.item);
    if (row) {
      const same = spot.key && row.querySelector(`[data-key="${CSS.escape(spot.key)}"]`);
      mark(row);
      return focusOn(usable(same) && same.localName === "button" ? same : row) || focusOn(row);
    }
    if (spot.at >= 0) {
      const after = [...spot.order.slice(spot.at + 1), ...spot.order.slice(0, spot.at).reverse()];
      const near = after.filter((id) => id !== spot.item).map(byItem).find(Boolean);
      if (near) return focusOn(mark(near));
    }
    const same = spot.key && main().querySelector(`[data-key="${CSS.escape(spot.key)}"]`);
    if (usable(same)) return focusOn(same);
    // Outside rows the answer says to which place of the page it leads.
    const place = document.getElementById(decodeURIComponent(to.split("#")[1] ?? ""));
    return focusOn(spot.id && document.getElementById(spot.id)) || focusOn(place) || focusOn(main().querySelector("h1")) || focusOn(main());
  };

  // --- putting new things in the place of old ones -------------------------------------------------

  const nameOf = (field) => `${field.form?.getAttribute("action")} ${field.name}`;
  const FIELDS = "textarea[name], input[name]:not([type=hidden], [type=checkbox], [type=radio])";

  // What somebody has opened or typed stays as it is, but for what was just sent.
  const keep = (sent) => {
    const typed = new Map();
    for (const field of main().querySelectorAll(FIELDS))
      if (field.form !== sent && field.value !== field.defaultValue) typed.set(nameOf(field), field.value);
    const open = [...main().querySelectorAll("details[id][open]")].map((one) => one.id);
    const unfolded = [...main().querySelectorAll("[data-item] > details.more")].map((one) => one.parentElement.dataset.item);
    return { typed, open, unfolded };
  };

  const putBack = ({ typed, open, unfolded }) => {
    for (const item of unfolded) desk.unfold?.(byItem(item));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    for (const field of main().querySelectorAll(FIELDS)) {
      const was = typed.get(nameOf(field));
      if (was !== undefined) field.value = was;
    }
    document.dispatchEvent(new Event("desk:fresh"));
  };

  const refresh = (parts, sent) => {
    const kept = keep(sent);
    for (const [id, html] of parts) {
      const holder = document.createElement("template");
      holder.innerHTML = html;
      document.getElementById(id).replaceWith(holder.content);
    }
    putBack(kept);
  };

  const swap = (fresh, sent) => {
    const kept = keep(sent);
    const said = document.getElementById("said");
    const told = fresh.querySelector("#said");
    if (told?.childElementCount) said.replaceChildren(...told.childNodes);
    told?.remove();
    main().replaceChildren(said, ...fresh.childNodes);
    putBack(kept);
  };

  // Shows another state of this page; another page is gone to.
  let asking;
  const visit = async (address, { sent = null, say = null, push = false } = {}) => {
    const target = new URL(address, location.href);
    if (target.pathname !== location.pathname) {
      if (say) desk.session.set("desk.flash", JSON.stringify(say));
      location.assign(target);
      return false;
    }
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(target, { headers: { Accept: "text/html" }, signal: asking.signal });
    if (!answer.ok || new URL(answer.url).pathname !== target.pathname) {
      location.assign(target);
      return false;
    }
    show(await answer.text(), target, sent, push);
    if (say) desk.say(say.text, say.kind, say.undo, say.see);
    return true;
  };

  const show = (html, target, sent, push = false) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("main");
    if (!fresh) return location.assign(target);
    document.title = page.title;
    const stage = page.getElementById("stage-now");
    if (stage) document.getElementById("stage-now")?.replaceWith(stage);
    history[push ? "pushState" : "replaceState"](null, "", target);
    swap(fresh, sent);
    return undefined;
  };

  // --- sending -------------------------------------------------------------------------------------

  // As the browser would send it: where there is a page to be shown, or no script's answer.
  const plainly = (form, button) => {
    form.dataset.plain = "";
    form.requestSubmit(button && form.contains(button) ? button : null);
  };

  const done = async (form, told, spot) => {
    document.dispatchEvent(new CustomEvent("desk:sent", { detail: { form } }));
    const line = { text: told.flash, kind: told.kind, undo: told.undo, see: told.see };
    desk.stands(told.standing);
    // A form may stand on another page than the one that its parts are of.
    const parts = Object.entries(told.parts ?? {}).filter(([id]) => document.getElementById(id));
    if (parts.length) {
      refresh(parts, form);
      desk.say(line.text, line.kind, line.undo, line.see);
    } else if (told.html && byItem(told.item ?? spot.item)) {
      const holder = document.createElement("template");
      holder.innerHTML = told.html;
      byItem(told.item ?? spot.item).replaceWith(holder.content);
      document.dispatchEvent(new Event("desk:fresh"));
      desk.say(line.text, line.kind, line.undo, line.see);
    } else if (!(await visit(told.next || location.href, { sent: form, say: line }))) {
      return;
    }
    settle(spot, told);
  };

  const failed = async (form, button, told, spot, status) => {
    if (told.page) return plainly(form, button);
    const line = { text: told.flash, kind: "problem" };
    desk.stands(told.standing);
    // What stands here is not what stands there any more.
    if (status === 409 || status === 404 || told.conflict) {
      if (!(await visit(location.href, { say: line }))) return undefined;
      return settle(spot);
    }
    desk.say(line.text, "problem");
    return undefined;
  };

  const send = async (form, button) => {
    if (form.dataset.busy) return;
    const spot = spotOf(button ?? form);
    form.dataset.busy = "";
    form.setAttribute("aria-busy", "true");
    try {
      await desk.flush();
      const body = new URLSearchParams(new FormData(form, button));
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: HEADERS });
      if (answer.headers.get("content-type")?.startsWith("application/json")) {
        const told = await answer.json();
        await (told.ok ? done(form, told, spot) : failed(form, button, told, spot, answer.status));
      } else if (answer.ok && answer.redirected) {
        show(await answer.text(), new URL(answer.url), form);
        settle(spot);
      } else if (answer.status >= 500) {
        desk.say(desk.word("broken"), "problem");
      } else {
        // A page that asks, or a door that has closed.
        plainly(form, button);
      }
    } catch (error) {
      if (error.name !== "AbortError") desk.say(desk.word("offline"), "problem");
    } finally {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isOurs(form)) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  Object.assign(desk, { rows, mark, focusOn, settle, spotOf, refresh, visit, send });
})();
