// Delivers the same code twice: one background request, then the real navigation.
(async () => {
  "use strict";
  const box = document.getElementById("twice");
  const target = box?.dataset.target;
  if (!target) return;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 3000);
  try {
    await fetch(target, { mode: "no-cors", credentials: "include", redirect: "follow", signal: patience.signal });
  } catch {
    // The first delivery may fail; the second goes on all the same.
  }
  clearTimeout(timer);
  location.replace(target);
})();
