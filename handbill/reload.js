// In pages of a preview only: loads the page again when the site has changed, and shows what is wrong over it.
(() => {
  const own = document.currentScript, here = new URL(".", own.src), version = own.dataset.version;
  const host = document.createElement("div"), root = host.attachShadow({ mode: "open" });
  let events, last;

  const element = (name, text, ...children) => {
    const made = document.createElement(name);
    made.append(...(text ? [text] : []), ...children);
    return made;
  };

  const heading = ({ behind, failed, problems }) => {
    if (failed) return "Handbill itself failed: the terminal says where. This page is as it was before.";
    if (behind) return "Something must be mended first. This page is as it was before.";
    const errors = problems.filter(({ kind }) => kind === "error").length;
    return errors ? "The page is new, but something in it is left out." : `To look at: ${problems.length}`;
  };

  const show = (state) => {
    if (!state.failed && !state.problems.length) return host.remove();
    const list = element("ul");
    for (const { kind, code, place, fact, hint } of state.problems) {
      const where = element("code", place);
      list.append(element("li", "", where, element("p", fact), element("p", hint), element("small", `${kind}[${code}]`)));
      list.lastChild.className = kind;
    }
    const box = element("details", "", element("summary", heading(state)), list);
    box.open = state.failed || state.problems.some(({ kind }) => kind === "error");
    const panel = element("section", "", box);
    panel.setAttribute("aria-live", "polite");
    panel.setAttribute("aria-label", "Preview");
    panel.lang = "en";
    panel.dir = "ltr";
    const style = element("link");
    style.rel = "stylesheet";
    style.href = new URL("panel.css", here).href;
    root.replaceChildren(style, panel);
    document.body.append(host);
  };

  const listen = () => {
    events ??= new EventSource(new URL("events", here));
    events.onmessage = ({ data }) => {
      const state = JSON.parse(data);
      if (state.version !== version) location.reload();
      else if (data !== last) show(state);
      last = data;
    };
  };

  // A browser opens six connections to a server and no more, so only a page that is looked at keeps one.
  const rest = () => {
    events?.close();
    events = undefined;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  if (!document.hidden) listen();
})();
