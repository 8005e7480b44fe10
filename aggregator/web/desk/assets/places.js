// How one gets about: g and the letter of a page, as the navigation says; and into the form that an
// address names.
"use strict";

(() => {
  const { desk } = window;
  const PAUSE = 1500;
  let asked = 0;

  // From an item one comes back to where it stands on that page.
  const linkTo = (letter) => {
    const place = document.querySelector(`.places a[data-go="${CSS.escape(letter)}"]`);
    const backs = [...document.querySelectorAll("main a[data-back]")];
    return backs.find((one) => place && one.pathname === place.pathname) ?? place;
  };

  // Whether the letter is one of the two.
  const goes = (letter) => {
    const isSecond = Date.now() - asked < PAUSE;
    asked = letter === "g" && !isSecond ? Date.now() : 0;
    if (isSecond) linkTo(letter)?.click();
    return isSecond || letter === "g";
  };

  // Who follows a link to a form wants to write in it.
  const arrive = () => {
    const form = document.getElementById(location.hash.slice(1));
    if (form?.localName === "form") desk.toField(form.querySelector("textarea, select, input:not([type=hidden])"));
  };

  // On a phone the navigation is one line: where one is can be seen in it.
  const current = document.querySelector(".places [aria-current]");
  const line = current?.closest("ul");
  if (line) line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;

  Object.assign(desk, { goes });
  addEventListener("load", arrive);
  addEventListener("hashchange", arrive);
})();
