// The panel of the operator workplace: asks for its pieces again and again and shows them.
//
// The token came with the page, is taken out of the document at once and lives in this closure alone: no cookie, no
// storage, no address holds it. Pieces are HTML that our own server rendered and escaped.
(() => {
  "use strict";
  const { token, refresh, offline } = document.body.dataset;
  delete document.body.dataset.token;
  // The ticket is used up; nobody should copy an address that opens nothing.
  history.replaceState(null, "", location.pathname);

  const usual = Number(refresh);
  const longest = 60_000;
  const part = (id) => document.getElementById(id);
  const [note, list, client, rules] = ["note", "list", "client", "rules"].map(part);
  let chosen = null;
  let byHand = false;
  let wait = usual;
  let timer = null;
  let round = 0;

  class Refused extends Error {
    constructor(status, text) {
      super(text);
      this.status = status;
    }
  }

  const get = async (piece, key) => {
    const query = key === undefined ? "" : `?key=${encodeURIComponent(key)}`;
    const answer = await fetch(`workplace/${piece}${query}`, {
      headers: { Authorization: `Bearer ${token}` },
      credentials: "omit",
      cache: "no-store",
    });
    const text = await answer.text();
    // Without the list there is no such page on the server any more; what it says then is for nobody.
    const isGone = answer.status === 404 && piece === "list";
    if (!answer.ok) throw new Refused(isGone ? 0 : answer.status, text);
    return text;
  };

  const shown = new Map();
  // Only what changed is replaced, and what was unfolded stays so: somebody may be reading it.
  const show = (element, html) => {
    if (shown.get(element) === html) return;
    const open = new Set([...element.querySelectorAll("details[open]")].map((one) => one.id));
    const focus = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    element.innerHTML = html;
    for (const one of element.querySelectorAll("details")) one.open = open.has(one.id);
    if (focus !== undefined) [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus)?.focus();
    shown.set(element, html);
  };

  const say = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };

  const mark = () => {
    for (const one of list.querySelectorAll("[data-key]")) {
      if (one.dataset.key === chosen) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  };

  const look = async () => {
    const mine = ++round;
    show(list, await get("list"));
    const keys = [...list.querySelectorAll("[data-key]")].map((one) => one.dataset.key);
    // Until somebody chooses, the first one is shown: it goes on, or was the last.
    if (!byHand || !keys.includes(chosen)) {
      chosen = keys[0] ?? null;
      byHand = false;
    }
    mark();
    if (chosen === null) {
      show(client, "");
      show(rules, "");
      return;
    }
    const of = chosen;
    const put = async (element, piece) => {
      const html = await get(piece, of);
      if (mine === round && of === chosen) show(element, html);
    };
    // The rules need no word of RetailCRM, so they do not wait for it.
    await Promise.all([put(rules, "rules"), put(client, "client")]);
  };

  const turn = async () => {
    clearTimeout(timer);
    try {
      await look();
      say("");
      wait = usual;
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      say(status ? error.message : offline);
      // The session is over: nothing but a new page helps.
      if (status === 401) return;
      // What is in the list no more will be gone from it at the next look.
      wait = status === 404 ? usual : Math.min(wait * 2, longest);
    }
    timer = setTimeout(turn, document.hidden ? longest : wait);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key]");
    if (!button) return;
    chosen = button.dataset.key;
    byHand = true;
    mark();
    show(client, "");
    show(rules, "");
    turn();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) turn();
  });
  turn();
})();
