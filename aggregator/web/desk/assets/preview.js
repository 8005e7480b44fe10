// Links in what is previewed open in a place of their own: within the frame the desk's policy stops them.
"use strict";

const hook = (frame) => {
  const open = () => {
    const shown = frame.contentDocument;
    if (!shown) return;
    for (const link of shown.querySelectorAll("a[href]")) {
      const target = link.getAttribute("href");
      if (target.startsWith("#")) continue;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  };
  frame.addEventListener("load", open);
  open();
};

const begin = () => document.querySelectorAll("iframe[data-preview]").forEach(hook);
document.addEventListener("desk:fresh", begin);
begin();

// On a phone the issue is looked at as a phone shows it, unless somebody wants it otherwise.
const narrow = document.querySelector(".ways a[href*='width=375']:not([aria-current])");
if (narrow && innerWidth < 500 && !/[?&]width=/.test(location.search)) location.replace(narrow.href);
