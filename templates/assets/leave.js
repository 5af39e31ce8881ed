// Pages do all without this script; with it a reader leaves faster, and the way back is shorter. It keeps nothing.
"use strict";
(() => {
  const script = document.currentScript;
  const site = new URL("..", script.src).href; // this file is in assets/
  const exit = document.querySelector("a.leave");
  const status = document.querySelector(".shifts");
  if (!exit || !status) return;
  const words = status.dataset;
  const address = exit.href;
  let left = false;

  // Everything goes at once, however slow the next page is.
  function leave() {
    if (!left) {
      left = true;
      document.title = words.title;
      document.querySelectorAll("link[rel~=icon]").forEach((icon) => { icon.href = site + "assets/blank.svg"; });
      document.documentElement.className = "left";
      document.body.textContent = "";
      document.body.append(status);
      say(words.left);
    }
    location.replace(address);
  }

  document.addEventListener("touchstart", () => {}, { passive: true }); // else iPhones show no :active
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // Who comes back to a page that was left is taken to the exit again: a reader can open the guide anew, but could
  // not hide it again from somebody nearby.
  addEventListener("pageshow", (event) => {
    if (left && event.persisted) leave();
    else forget();
  });

  addEventListener("pagehide", () => { // what was typed goes with its page
    for (const field of document.querySelectorAll("textarea, input")) field.value = field.checked = "";
  });

  // Shift three times, alone: any other key or a press of the pointer in between begins anew.
  let presses = 0, alone = false, timer = 0;
  function say(text) { status.textContent = text; }
  function forget() {
    clearTimeout(timer);
    presses = 0;
    alone = false;
    if (!left) say("");
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) forget();
    else if (!event.repeat) alone = true;
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || left) return;
    const next = presses + 1;
    forget();
    presses = next;
    if (presses === 3) return leave();
    say(presses === 1 ? words.two : words.one);
    timer = setTimeout(forget, 5000);
  });
  addEventListener("pointerdown", forget);

  // A link within the site takes the place of the page it is on, so that Back, after the exit, does not lead here.
  if (script.dataset.history !== "replace") return;
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || !link.href.startsWith(site)) return;
    if (!/(\.html|\/)$/.test(link.pathname)) return; // a file to print or to keep
    event.preventDefault();
    location.replace(link.href);
  });
})();
