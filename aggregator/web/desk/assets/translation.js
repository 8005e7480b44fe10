// A file that is chosen is read into the text below it: what is sent is the text.
"use strict";

for (const room of document.querySelectorAll("[data-file-into]")) {
  const file = room.querySelector("input[type=file]");
  const text = document.getElementById(room.dataset.fileInto);
  room.hidden = false;
  file.addEventListener("change", async () => {
    if (file.files.length) text.value = await file.files[0].text();
  });
}
