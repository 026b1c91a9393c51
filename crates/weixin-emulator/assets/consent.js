// The consent page in a browser: a remark about the fragment WeChat insists on, and no double submit.
(() => {
  "use strict";
  const remarks = document.getElementById("remarks");
  if (remarks && location.pathname === "/connect/oauth2/authorize" && location.hash !== "#wechat_redirect") {
    const remark = document.createElement("li");
    remark.id = "missing-fragment";
    remark.textContent = "链接末尾缺少 #wechat_redirect，真实的微信可能打不开这个页面";
    remarks.append(remark);
  }
  const form = document.getElementById("consent");
  form?.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    document.body.classList.add("sending");
  });
  // Coming back with the browser's back button shows a page that can be used again.
  addEventListener("pageshow", () => {
    if (form) delete form.dataset.sent;
    document.body.classList.remove("sending");
  });
})();
