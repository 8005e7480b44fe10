// Links in what is previewed open in a place of their own: within the frame the desk's policy stops them.
"use strict";

for (const frame of document.querySelectorAll("iframe[data-preview]")) {
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
}

// On a phone the issue is looked at as a phone shows it, unless somebody wants it otherwise.
const narrow = document.querySelector(".ways a[href*='width=375']:not([aria-current])");
if (narrow && innerWidth < 500 && !/[?&]width=/.test(location.search)) location.replace(narrow.href);
