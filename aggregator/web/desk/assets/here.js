// Filters, ways to look and pages of a list (data-here) show another state of the page that one is on: it
// is put in place, the focus stays where it was or goes to the first row of the page that was turned.
"use strict";

(() => {
  const { desk } = window;
  const main = () => document.getElementById("main");
  const homes = () => [...main().querySelectorAll("[data-here]")];
  const controls = (home) => [...home.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")];
  const address = () => location.pathname + location.search;
  let shown = address();

  // What a control is called in every state; what it counts changes.
  const nameOf = (one) => {
    const says = one.textContent.replace(/\d+/g, "").trim();
    if (one.localName === "button") return `${one.name} ${one.value} ${says}`;
    return one.name ? one.name : says;
  };
  const alike = (home, name) => controls(home).filter((one) => nameOf(one) === name);

  // Where one is: in which of these places, at which of its controls.
  const spotOf = (home) => {
    const at = document.activeElement;
    const name = nameOf(at);
    const nth = alike(home, name).indexOf(at);
    return { home: homes().indexOf(home), name, nth, turned: home.localName === "nav" };
  };

  const firstRow = () => main().querySelector("[data-item], .rows > li, tbody tr");

  const settle = ({ home, name, nth, turned }) => {
    if (turned && desk.focusOn(desk.mark(firstRow()))) {
      document.activeElement.scrollIntoView({ block: "center" });
      return;
    }
    const place = homes()[home];
    const same = place && alike(place, name)[nth];
    if (same?.getClientRects().length && desk.focusOn(same)) return;
    desk.focusOn(main().querySelector("h1"));
  };

  const go = async (target, home, sent = null) => {
    const spot = spotOf(home);
    try {
      await desk.flush();
      if (await desk.visit(target, { sent, push: true })) settle(spot);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(target);
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-here] a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
    event.preventDefault();
    link.focus({ preventScroll: true });
    go(link.href, link.closest("[data-here]"));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const home = form.closest("[data-here]");
    if (!home || event.defaultPrevented || form.method !== "get") return;
    const target = new URL(form.action);
    if (target.pathname !== location.pathname) return;
    event.preventDefault();
    target.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
    go(target, home, form);
  });

  // The way back leads through the same states.
  addEventListener("popstate", () => {
    if (address() !== shown) desk.visit(location.href).catch(() => location.reload());
  });
  document.addEventListener("desk:fresh", () => {
    shown = address();
  });
})();
