// The overview: buttons make control calls, and the page follows the live feed.
(() => {
  "use strict";
  const request = async (call, body) => {
    const [method, path] = call.split(" ");
    const answer = await fetch(path, {
      method,
      headers: { "content-type": "application/json" },
      body: method === "DELETE" ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).error ?? answer.statusText);
  };

  const complain = (error) => {
    const box = document.createElement("p");
    box.className = "toast";
    box.role = "alert";
    box.textContent = error.message;
    document.body.append(box);
    setTimeout(() => box.remove(), 4000);
  };

  // Replaces each card whose content changed, keeping what is open and what is being typed.
  const refresh = async () => {
    const text = await (await fetch(location.pathname, { cache: "no-store" })).text();
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const card of document.querySelectorAll("section.card")) {
      const next = fresh.getElementById(card.id);
      if (!next || card.contains(document.activeElement?.closest("input") ?? null)) continue;
      const open = [...card.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
      if (card.dataset.seen === next.innerHTML) continue;
      card.dataset.seen = next.innerHTML;
      card.replaceChildren(...next.childNodes);
      for (const summary of card.querySelectorAll("details > summary")) {
        if (open.includes(summary.textContent)) summary.parentElement.open = true;
      }
    }
  };

  let queued = 0;
  const soon = () => {
    clearTimeout(queued);
    queued = setTimeout(() => refresh().catch(() => {}), 150);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-call]");
    if (!button) return;
    const { question } = button.dataset;
    if (question && !window.confirm(question)) return;
    request(button.dataset.call, JSON.parse(button.dataset.body)).then(soon, complain);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    event.preventDefault();
    const body = {};
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") body[field.name] = field.checked;
      else if (field.value !== "") body[field.name] = "number" in field.dataset ? Number(field.value) : field.value;
    }
    request(form.dataset.form, body).then(() => {
      document.activeElement?.blur();
      soon();
    }, complain);
  });

  // The emulated clock runs on between two refreshes.
  const beijing = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "Asia/Shanghai" });
  setInterval(() => {
    const clock = document.getElementById("now");
    if (clock?.dataset.offset) clock.textContent = beijing.format(Date.now() + Number(clock.dataset.offset));
  }, 1000);

  const feed = new EventSource("/_emulator/events");
  for (const kind of ["call", "account", "persona", "code", "follow", "fault", "clock", "token", "share", "settings", "reset", "restore"]) {
    feed.addEventListener(kind, soon);
  }
})();
