// The waiting QR page: asks how far the login has come and goes on when the phone has decided.
(() => {
  "use strict";
  const box = document.getElementById("qr");
  const tip = document.getElementById("qr-tip");
  const cover = document.getElementById("qr-state");
  const form = document.getElementById("consent");
  if (!box || !tip || !cover) return;
  let waiting = true;
  form?.addEventListener("submit", () => {
    waiting = false;
    document.body.classList.add("sending");
  });
  const show = (mark, text) => {
    cover.hidden = false;
    cover.className = `qr-state ${mark}`;
    tip.textContent = text;
  };
  const ask = async (last) => {
    const query = new URLSearchParams({ uuid: box.dataset.uuid, last: String(last) });
    const answer = await fetch(`/connect/l/qrconnect?${query}`, { cache: "no-store" });
    return answer.json();
  };
  (async () => {
    let last = 408;
    while (waiting) {
      let answer;
      try {
        answer = await ask(last);
      } catch {
        await new Promise((done) => setTimeout(done, 2000));
        continue;
      }
      if (!waiting) return;
      last = answer.wx_errcode;
      if (last === 404) show("ok", "扫描成功，请在手机上确认登录");
      if (last === 403) {
        show("info", "你已取消此次登录，可以再次扫码登录，或关闭窗口");
        return;
      }
      if (last === 402) {
        show("warn", "二维码已失效，请刷新页面");
        return;
      }
      if (last === 405) {
        show("ok", "登录成功，正在跳转");
        const win = box.dataset.top === "true" && window.top ? window.top : window;
        win.location.href = answer.target;
        return;
      }
    }
  })();
})();
